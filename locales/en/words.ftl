### The vocabulary: every value of domain::words. `.xf` is what the petition-bureau edition says.

word-edition-jw = Discipline-inspection edition
word-edition-xf = Petition-bureau edition

word-channel-letter = Letter
word-channel-visit = Visit
word-channel-phone = Call
word-channel-web = Web
word-channel-video = Video
word-channel-other = Other

word-form-letter = Letter
word-form-visit = Visit
word-form-call = Call
word-form-transfer = Transferred in
word-source-own = Received directly
word-source-superior_transfer = Forwarded by a superior
word-source-superior_assign = Assigned by a superior
word-source-leader_referral = Referred by a leader
word-source-department_transfer = Moved by a department
word-source-subordinate_report = Reported from below
word-source-public_opinion = Public opinion
word-source-inspection = Found in an inspection

word-signing-anonymous = Anonymous
word-signing-named_pending = Named, to be verified
word-signing-named_verified = Named, verified
word-signing-false_name = Under a false name

word-kind-accusation = Accusation
word-kind-appeal = Appeal
word-kind-suggestion = Criticism or suggestion
    .xf = Opinion or suggestion
word-kind-out_of_scope = Out of scope
word-kind-no_substance = Without substance
word-kind-petition = Petition for a decision

word-stage-awaiting_signing = To be signed for
word-stage-awaiting_judgement = To be judged
word-stage-awaiting_presentation = To be presented
word-stage-awaiting_instruction = Awaiting instruction
word-stage-awaiting_dispatch = To be dispatched
word-stage-in_handling = In handling
word-stage-awaiting_approval = Awaiting approval
word-stage-awaiting_feedback = Awaiting feedback
    .xf = Awaiting reply
word-stage-closed = Closed

word-ground-other_procedure = To be settled by lawsuit, arbitration, administrative ruling or review
word-ground-other_organ = The duty of another organ or unit
word-ground-name_only = Names an offence only, without substance
word-ground-already_handled = Already accepted or being handled
word-ground-ended = Ended by review; same facts and reasons again

word-art13_duty-forward = Forward to the competent organ
word-art13_duty-tell = Tell the reporter which organ is competent
word-art13_duty-keep_record = Keep a record; substance may be added

word-dispatch_way-direct_seal = Sealed direct delivery
word-dispatch_way-move = Move
word-dispatch_way-forward = Forward
word-dispatch_way-assign = Assign
word-dispatch_way-two_way = Two-way transfer

word-assign_ground-central_decisions = Clear breach in carrying out central decisions
word-assign_ground-typical_or_strong = Typical, or strongly felt by the public
word-assign_ground-long_delay = Long delayed, with bad effect
word-assign_ground-other = Another matter that should be assigned

word-finding-proved = Proved
word-finding-partly_proved = Partly proved
word-finding-not_proved = Not proved
word-finding-cannot_verify = Cannot be verified

word-disposition-supported = Supported
word-disposition-partly_supported = Partly supported
word-disposition-explained = Explained
word-disposition-not_supported = Not supported

word-disposal-inquiry = Talk or written inquiry
word-disposal-preliminary_check = Preliminary check
word-disposal-held_over = Held over
word-disposal-concluded = Concluded

word-telling_way-in_person = In person
word-telling_way-phone = By telephone
word-telling_way-written = In writing
word-telling_way-system = On the code page

word-rating-satisfied = Satisfied
word-rating-fairly_satisfied = Fairly satisfied
word-rating-unsatisfied = Not satisfied

word-contact_way-meeting = In person
word-contact_way-phone = By telephone
word-contact_way-thread = Message by code

word-extension_ground-complex = Complex matter
word-extension_ground-expert = Expert opinion, audit or valuation needed
word-extension_ground-party_cause = Caused by a party
word-extension_ground-other = Other

word-return_ground-wrong_organ = Not within this unit's competence
word-return_ground-no_substance = Without substance
word-return_ground-incomplete = Material missing
word-return_ground-recusal = Recusal

word-reopen_cause-new_evidence = New evidence
word-reopen_cause-objection_upheld = Objection upheld
word-reopen_cause-lookback = Found by lookback
word-reopen_cause-mistake = Closed by mistake

word-urgency-normal = Normal
word-urgency-urgent = Urgent
word-urgency-critical = Critical

word-rank-province = Provincial or ministerial
word-rank-bureau = Bureau
word-rank-county = County or division
word-rank-section = Township or section
word-rank-general = General staff
word-rank-institution = Public institution
word-rank-state_enterprise = State enterprise
word-rank-village_head = Head of a village or community
word-rank-village = Other village or community staff
word-rank-other = Other
word-rank-unknown = Unknown

word-colour-blue = Blue
word-colour-yellow = Yellow
word-colour-red = Red

word-role-clerk = Clerk of the petition office
    .xf = Clerk of the intake section
word-role-head = Head of the petition office
    .xf = Head of the intake section
word-role-leader = Leader in charge
word-role-chief = Main leader
word-role-handler = Handler
word-role-supervisor = Supervisor
word-role-analyst = Analyst
word-role-custodian = Identity custodian
word-role-approver = Identity approver
word-role-auditor = Auditor
word-role-admin = Administrator
word-role-security = Security officer

word-lang-zh-CN = 简体中文
word-lang-en = English

word-basis-legal = Legal limit
word-basis-stretch = Our own stricter limit
word-basis-window = Time to exercise a right

word-command-receive = Register
word-command-judge = Judge by machine
word-command-sign_for = Sign for
word-command-add_evidence = Add evidence
word-command-check_evidence = Check new evidence
word-command-correct = Correct
word-command-verify_name = Verify the name
word-command-accept = Accept
word-command-refuse = Do not accept
word-command-confirm_no_substance = Confirm "no substance"
word-command-do_duty = Forward or tell, as the rules say
word-command-use_simple = Simple procedure
word-command-tell_acceptance = Tell of acceptance
word-command-present = Present
word-command-instruct = Instruct
word-command-answer_instruction = Report on the instruction
word-command-link = Link as repeat
word-command-unlink = Unlink
word-command-promote = Treat as first-time
word-command-split = Split
word-command-dispatch = Dispatch
word-command-answer_two_way = Answer a two-way transfer
word-command-return = Return
word-command-assign = Name a handler
word-command-extend = Extend
word-command-record_contact = Record a contact
word-command-dispose = Way of disposal
word-command-record_finding = Record a finding
word-command-draft_answer = Draft feedback
    .xf = Draft reply
word-command-approve_answer = Approve feedback
    .xf = Approve reply
word-command-deliver_answer = Give feedback
    .xf = Give reply
word-command-object = Object
word-command-explain_objection = Explain an objection
    .xf = Answer a review
word-command-rate = Rate
word-command-send_message = Message
word-command-issue_paper = Issue a paper
word-command-set_platform_number = Enter platform number
word-command-replace_code = Replace code
word-command-destroy_code = Destroy code
word-command-close = Close
word-command-reopen = Reopen
word-command-recuse = Keep somebody away
word-recusal_basis-text = Named in the text
word-recusal_basis-directory = Directory changed
word-recusal_basis-by_hand = By hand
