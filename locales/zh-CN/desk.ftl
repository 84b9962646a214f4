### 办案端。

desk-title = 办案平台
    .xf = 信访办理平台
desk-system = 登闻 信访举报办理系统
desk-sign-out = 退出
desk-menu = 主菜单
desk-home = 回到待办
desk-trouble = 没有办成
desk-session-ended = 登录已经结束，没有执行。请在新窗口重新登录，再回到本页提交，填写的内容不会丢。

sign-in-title = 登录
sign-in-lead = 请用本人账号登录。
sign-in-user = 用户名
sign-in-password = 密码
sign-in-submit = 登录
sign-in-note = 每一次查看、检索、导出和操作都有记录。离开座位请退出登录。

invitation-lead = 首次使用，请设置密码：不少于 10 个字符，不用常见密码。
invitation-password = 新密码
invitation-submit = 设置并登录
invitation-used = 这个链接已经用过或者过期了。请联系系统管理员重新发放。

menu-todo = 待办
menu-done = 已办
menu-overdue = 超期
menu-register = 登记簿
menu-new = 登记
menu-search = 搜索
menu-cockpit = 驾驶舱
menu-directory = 目录
menu-audit = 审计
menu-assigned = 交办台账
menu-named = 实名台账
menu-repeated = 重复台账
menu-visits = 来访簿
menu-calls = 来电簿
menu-returned = 已退回
menu-today = 今日到期

col-no = 序号
col-colour = 色标
col-number = 编号
col-received = 登记日期
col-channel = 渠道
col-source = 来源
col-signing = 实/匿
col-subject = 被反映人
col-digest = 内容摘要
col-kind = 类别
col-repeat = 初/重
col-holder = 去向
col-stage = 环节
col-due = 到期日
col-platform = 平台编号
col-letter = 来文机关、文号、时限
col-visited = 到访日期
col-called = 来电日期
col-problem = 问题类别
col-times = 次数、首末次、新事实
col-opinion = 拟办/批示
col-promises = 告知、反馈到期
    .xf = 告知、答复到期
col-outcome = 属实/处置
col-told = 告知·反馈·异议
    .xf = 告知·答复·异议
col-closed = 办结日期
col-urgency = 紧急
col-files = 附件

row-first = 初件
row-repeat = 重复件
row-overdue = 超 { $n } 日
row-subjects = 等 { $n } 人
row-nth = 第 { $n } 次
row-times = 共 { $n } 次
row-new-facts = 有新事实
row-no-new-facts = 无新事实
row-presented = 呈
row-tell-until = 告知 { $day }
row-answer-until = 反馈 { $day }
    .xf = 答复 { $day }
row-told = 告知 { $day }
row-answered = 反馈 { $day }
    .xf = 答复 { $day }
row-objections = 异议 { $n } 次

list-none = 没有符合条件的件。
list-pages = 翻页
list-before = 上一页
list-after = 下一页
list-page = 第 { $n } / { $all } 页
list-total = 共 { $n } 件
list-more-than = 多于 { $n } 件
list-filter = 筛选
list-export = 导出
list-export-do = 导出 Excel
list-first = 首页
list-sizes = 每页
list-table = 列表
list-sums = 合计 { $all } 件：未结 { $open }，实名 { $named }，重复 { $repeats }，超期 { $over }
list-export-sealed = 含密封栏目（被反映人、摘要、问题类别、来文）
list-purpose = 导出用途（含密封栏目时必填，会留下记录）

filter-from = 起
filter-until = 止
filter-any = 全部
filter-do = 查询
filter-clear = 清除
filter-number = 编号
filter-words = 关键词
filter-stage = 状态
filter-colour = 时限
filter-channel = 渠道
filter-holder = 承办部门
filter-assignee = 承办人
filter-rank = 职级
filter-place = 属地
filter-today = 今日到期
filter-overdue = 超期
filter-more = 更多条件
filter-sealed = 本页按密封内容筛选，词句密封留痕；地址栏里没有这些词句。
stage-returned = 已退回

view-columns = 栏目
view-note = 勾选要显示的栏目，用箭头调整次序。保存的是您本人的视图：栏目、排序、每页件数和上面的条件（关键词、被反映人等密封条件不保存）。
view-sealed = 密封
view-up = “{ $what }”前移
view-down = “{ $what }”后移
view-save = 保存为我的视图
view-reset = 恢复默认
view-mine = 我的视图

chip-all = 全部

search-heading = 搜索
search-words = 编号或关键词
search-subject = 被反映人
search-unit = 单位
search-do = 搜索
search-recorded = 搜索的词句密封留痕；您无权查看的件不会出现，也不计数。
search-hits = 找到 { $n } 件

report-text = 反映内容
report-unknown = 不详
report-digest = 内容摘要
report-drafted = 机拟
report-allegation = 问题 { $n }
report-no-summary = 未概述，请在“校正补录”中填写
report-files = 附件
report-later = 反映人后来补充的
report-actions = 下一步
report-refused = 现在不能办的 { $n } 项，及原因
report-papers = 文书
report-clocks = 时限
report-suggestions = 研判建议
report-course = 办理经过
report-erased = （已依法销毁）

clock-why = 怎么算的
clock-none = 没有正在计算的时限。
clock-until = 最迟 { $date }
clock-left = 剩 { $n } 天
clock-done = 已办
clock-cancelled = 已免

suggest-note = 由程序提出，仅供参考，由人决定。
suggest-none = 还没有研判建议，稍后刷新即可看到。
suggest-entities = 文中提到的人、地、事、物、组织（{ $n }）
suggest-repeats = 可能重复的件
suggest-new = 新内容：
suggest-sure = 把握 { $n }%
suggest-unsure = 把握不足，请人工判断
suggest-ground = { $why }：{ $quotes }
suggest-others = 也可能是：{ $list }
suggest-category = 问题领域
suggest-route = 去向

fact-assignee = 承办人
fact-master = 主件

act-none = 请选择
act-submit = 确定{ $what }
act-missing = 请填写“{ $field }”。
act-not-here = 这一项不在这里办理。

verdict-yes = 同意
verdict-no = 不同意，退回

new-facts-none = 没有新事实
new-facts-some = 有新事实

field-kind = 类别
field-ground = 不予受理的情形
field-text = 意见或说明
field-to_reporter = 告知反映人的话（在查询码页面显示）
field-way = 方式
field-signing = 核实结果
field-to = 呈报
field-verdict = 意见
field-due = 要求报结日期
field-to_report = 主件编号
field-new_facts = 有无新事实
field-holder = 承办单位
field-watcher = 跟踪部门（双向移交时填）
field-assign_ground = 交办理由（交办时填）
field-return_ground = 退回理由
field-staff = 承办人
field-keep_away = 须回避的人员
field-clock = 时限
field-until = 延至
field-extension_ground = 延期理由
field-contact_way = 联系方式
field-disposal = 处置方式
field-allegation = 问题序号
field-finding = 认定
field-number = 平台编号
field-cause = 理由
field-channel = 渠道
field-source = 来源
field-urgency = 紧急程度
field-title = 标题
field-digest = 内容摘要
field-allegations = 问题条目

hint-suggested = 已按研判建议选好，请核对。
hint-link = 填编号。件号不变，只是挂在主件之下。
hint-allegations = 一行一条，逐条认定。

draft-tell_acceptance = 您反映的事项属于受理范围，已经受理，正在按程序办理。
draft-do_duty = 您反映的事项不属于本机关受理范围，请向有权处理的机关反映：

note-refuse = “没有实质内容”要由第二个人复核后才算数。
note-deliver_answer = 请按审核通过的文本告知。写进去的话反映人凭查询码能看到。
note-send_message = 不要问反映人是谁；需要了解情况，只问事。

entity-name = 人名
entity-position = 职务
entity-government = 党政机关
entity-organization = 组织
entity-company = 企业
entity-address = 地点
entity-project = 项目
entity-event = 事件
entity-date = 时间
entity-money = 金额
entity-account = 银行账号
entity-phone = 电话
entity-identity = 身份证号
entity-credit_code = 统一社会信用代码
entity-vehicle = 车牌
entity-document = 文号

hand-heading = 登记
hand-title = 标题
hand-sealed = 姓名和联系方式一保存就单独密封，本页之后谁也看不到。
hand-submit = 登记

repeats-heading = 查重
repeats-note = 录入时自动比对，也可按 Ctrl+K。只比内容，不比写信的人。
repeats-check = 现在查重
repeats-none = 没有发现相同或相近的件。
repeats-later = 录入原文后显示。
repeats-equal = 内容相同
repeats-alike = 相近 { $n }%

registered-heading = 已登记
registered-open = 打开这一件
registered-slip = 查询码（抄在小票上交给反映人，或电话读两遍）：
registered-once = 查询码只显示这一次，系统不留底。
registered-next = 登记下一件

cockpit-heading = 驾驶舱
cockpit-period = { $from } 至 { $until }
cockpit-too-few = 样本不足
cockpit-median = 中位
cockpit-p90 = 九成在内
cockpit-max = 最长
cockpit-table = 看数字

audit-heading = 审计
audit-note = 不显示涉及您本人和本部门的记录，由其他审计人员或上级机关查询。
audit-when = 时间
audit-who = 人员
audit-office = 部门
audit-what = 做了什么
audit-detail = 对象

directory-heading = 组织目录
directory-office = 部门
directory-staff = 人员
directory-roles = 岗位
directory-nobody = 暂无人员
directory-organs = 其他机关
directory-organ = 机关
directory-address = 地址
directory-phone = 电话

deed-signed_in = 登录
deed-sign_in_failed = 登录失败
deed-signed_out = 退出
deed-viewed = 查看件
deed-downloaded = 下载附件
deed-acted = 办理
deed-registered = 登记
deed-listed = 查看列表
deed-searched = 搜索
deed-exported = 导出
deed-printed = 打印文书
deed-imported = 导入
deed-cockpit_viewed = 查看驾驶舱
deed-audit_viewed = 查询审计
