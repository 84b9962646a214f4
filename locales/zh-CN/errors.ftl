### 出错时的话：说清怎么办。

error-not-found-heading = 没有这个页面
error-not-found = 地址可能抄错了，或者内容不对您开放。请从首页重新进入。
error-method-heading = 请从头开始
error-method = 这一步要从表单里提交，不能直接打开。请回到首页重新进入。
error-too-large = 内容太大，没有收下。附件最多 10 个，每个不超过 20 MB；请去掉大的再试，以后凭查询码还能补。
error-broken-form = 表单没有传完整，多半是网络中断。请再提交一次。
error-file-kind = “{ $name }”不是可以接收的文件。请换成照片（jpg、png）、PDF、docx 或者 xlsx。
error-file-large = “{ $name }”超过 20 MB。请压缩或者拆开，也可以先不附，以后凭查询码补。
error-file-failed = “{ $name }”没有保存成功。请再选一次，或者先不附。
error-busy = 系统暂时连不上登记库，没有保存。您写的内容还在，请过一会儿再试。
error-csrf = 这个请求不是从本站页面发出的，没有执行。请刷新页面再试。
error-forbidden = 您的岗位没有这项权限。如确需办理，请联系本室负责人。
error-internal = 系统出现故障，没有保存。请稍后再试；如仍不行，请联系管理员。
