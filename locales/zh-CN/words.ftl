### 词汇表:domain::words 的每一个值。.xf 是信访局版的说法。

word-edition-jw = 纪检监察版
word-edition-xf = 信访局版

word-channel-letter = 来信
word-channel-visit = 来访
word-channel-phone = 来电
word-channel-web = 网络
word-channel-video = 视频
word-channel-other = 其他

word-form-letter = 来信
word-form-visit = 来访
word-form-call = 来电
word-form-transfer = 转送、交办、移送
word-source-own = 本级自收
word-source-superior_transfer = 上级转送
word-source-superior_assign = 上级交办
word-source-leader_referral = 领导批转
word-source-department_transfer = 部门移送
word-source-subordinate_report = 下级上报
word-source-public_opinion = 舆情
word-source-inspection = 监督检查中发现

word-signing-anonymous = 匿名
word-signing-named_pending = 实名待核
word-signing-named_verified = 实名已核
word-signing-false_name = 冒名

word-kind-accusation = 检举控告
word-kind-appeal = 申诉
word-kind-suggestion = 批评建议
    .xf = 意见建议
word-kind-out_of_scope = 业务范围外
word-kind-no_substance = 无实质内容
word-kind-petition = 申诉求决

word-stage-awaiting_signing = 待签收
word-stage-awaiting_judgement = 待研判
word-stage-awaiting_presentation = 待呈批
word-stage-awaiting_instruction = 待批示
word-stage-awaiting_dispatch = 待分办
word-stage-in_handling = 待办理
word-stage-awaiting_approval = 待审核
word-stage-awaiting_feedback = 待反馈
    .xf = 待答复
word-stage-closed = 已结

word-ground-other_procedure = 依法应通过诉讼、仲裁、行政裁决、行政复议等途径解决
word-ground-other_organ = 属于其他机关或者单位职责
word-ground-name_only = 仅列举罪名或者错误，没有实质内容
word-ground-already_handled = 已经受理或者正在办理
word-ground-ended = 复核已终结，以同一事实和理由再次提出

word-art13_duty-forward = 转送有权处理的机关
word-art13_duty-tell = 告知来访来电来件人向有权处理的机关反映
word-art13_duty-keep_record = 登记留存，可以补充内容

word-dispatch_way-direct_seal = 径送
word-dispatch_way-move = 移送
word-dispatch_way-forward = 转送
word-dispatch_way-assign = 交办
word-dispatch_way-two_way = 双向移交

word-assign_ground-central_decisions = 在落实中央决策部署中存在明显违纪违法问题
word-assign_ground-typical_or_strong = 问题典型、群众反映强烈
word-assign_ground-long_delay = 久拖不决、造成不良影响
word-assign_ground-other = 其他应当交办的问题

word-finding-proved = 属实
word-finding-partly_proved = 部分属实
word-finding-not_proved = 不属实
word-finding-cannot_verify = 无法查实

word-disposition-supported = 予以支持
word-disposition-partly_supported = 部分支持
word-disposition-explained = 作出解释说明
word-disposition-not_supported = 不予支持

word-disposal-inquiry = 谈话函询
word-disposal-preliminary_check = 初步核实
word-disposal-held_over = 暂存待查
word-disposal-concluded = 予以了结

word-telling_way-in_person = 当面
word-telling_way-phone = 电话
word-telling_way-written = 书面
word-telling_way-system = 查询码页面

word-rating-satisfied = 满意
word-rating-fairly_satisfied = 基本满意
word-rating-unsatisfied = 不满意

word-contact_way-meeting = 当面
word-contact_way-phone = 电话
word-contact_way-thread = 码上留言

word-extension_ground-complex = 情况复杂
word-extension_ground-expert = 需要鉴定、审计或者评估
word-extension_ground-party_cause = 当事人原因
word-extension_ground-other = 其他

word-return_ground-wrong_organ = 不属本单位管辖
word-return_ground-no_substance = 无实质内容
word-return_ground-incomplete = 材料短少
word-return_ground-recusal = 应当回避

word-reopen_cause-new_evidence = 有新证据
word-reopen_cause-objection_upheld = 异议成立
word-reopen_cause-lookback = 质量回溯发现问题
word-reopen_cause-mistake = 误结

word-urgency-normal = 平件
word-urgency-urgent = 急件
word-urgency-critical = 特急

word-rank-province = 中管、省部级
word-rank-bureau = 厅局级
word-rank-county = 县处级
word-rank-section = 乡科级
word-rank-general = 一般干部
word-rank-institution = 事业单位人员
word-rank-state_enterprise = 国有企业人员
word-rank-village_head = 村（社区）“两委”负责人
word-rank-village = 村（社区）其他人员
word-rank-other = 其他
word-rank-unknown = 不详

word-colour-blue = 蓝
word-colour-yellow = 黄
word-colour-red = 红

word-role-clerk = 信访室经办
    .xf = 受理科经办
word-role-head = 信访室主任
    .xf = 受理科科长
word-role-leader = 分管领导
word-role-chief = 主要领导
word-role-handler = 承办人
word-role-supervisor = 督办
word-role-analyst = 分析员
word-role-custodian = 身份密封保管人
word-role-approver = 身份启封审批人
word-role-auditor = 审计员
word-role-admin = 系统管理员
word-role-security = 安全保密员

word-lang-zh-CN = 简体中文
word-lang-en = English

word-basis-legal = 法定时限
word-basis-stretch = 本机关加严时限
word-basis-window = 权利期限

word-command-receive = 登记
word-command-judge = 机器研判
word-command-sign_for = 签收
word-command-add_evidence = 补充证据
word-command-check_evidence = 核查新证据
word-command-correct = 校正补录
word-command-verify_name = 实名核实
word-command-accept = 受理
word-command-refuse = 不予受理
word-command-confirm_no_substance = 复核“无实质内容”
word-command-do_duty = 履行转送告知
word-command-use_simple = 适用简易办理
word-command-tell_acceptance = 受理告知
word-command-present = 呈批
word-command-instruct = 批示
word-command-answer_instruction = 报告批示办理结果
word-command-link = 挂接重复件
word-command-unlink = 解除挂接
word-command-promote = 转为初次件
word-command-split = 拆分
word-command-dispatch = 分办
word-command-answer_two_way = 双向移交答复
word-command-return = 退回
word-command-assign = 指定承办人
word-command-extend = 延期
word-command-record_contact = 联系记录
word-command-dispose = 处置方式
word-command-record_finding = 认定
word-command-draft_answer = 拟反馈
    .xf = 拟答复
word-command-approve_answer = 审核反馈
    .xf = 审核答复
word-command-deliver_answer = 反馈
    .xf = 答复
word-command-object = 提出异议
word-command-explain_objection = 异议说明
    .xf = 复查、复核答复
word-command-rate = 评价
word-command-send_message = 留言
word-command-issue_paper = 制发文书
word-command-set_platform_number = 补录平台编号
word-command-replace_code = 更换查询码
word-command-destroy_code = 作废查询码
word-command-close = 办结
word-command-reopen = 重开
word-command-recuse = 回避登记
word-recusal_basis-text = 正文提及
word-recusal_basis-directory = 名册变动
word-recusal_basis-by_hand = 人工登记
