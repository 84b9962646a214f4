### 出错时的话：说清怎么办。

error-not-found-heading = 没有这个页面
error-not-found = 地址可能抄错了，或者内容不对您开放。请从首页重新进入。
error-method-heading = 请从头开始
error-method = 这一步要从表单里提交，不能直接打开。请回到首页重新进入。
error-too-large = 内容太大，没有收下。附件最多 10 个，每个不超过 20 MB；请去掉大的再试，以后凭查询码还能补。
error-too-large-desk = 附件太大，没有收下。最多 10 个，每个不超过 20 MB；请压缩或者拆开后重新选择，已填写的内容都在。
error-broken-form = 表单没有传完整，多半是网络中断。请再提交一次。
error-file-large = “{ $name }”超过 20 MB。请压缩或者拆开，也可以先不附，以后凭查询码补。
error-csrf = 这个请求不是从本站页面发出的，没有执行。请刷新页面再试。
error-again = 这一页已经提交过别的内容。您写的都还在，请再按一次提交。
