### The desk.

desk-title = Desk
    .xf = Desk
desk-system = Dengwen case desk
desk-sign-out = Sign out
desk-menu = Main menu
desk-home = Back to the inbox
desk-trouble = That did not work
desk-session-ended = Your session has ended and nothing was done. Sign in again in a new window, then come back to this page and submit; what you wrote is kept.

sign-in-title = Sign in
sign-in-lead = Please sign in with your own account.
sign-in-user = User name
sign-in-password = Password
sign-in-submit = Sign in
sign-in-note = Every view, search, export and act is recorded. Sign out when you leave your seat.

invitation-lead = First use: please set a password of at least 10 characters that is not a common one.
invitation-password = New password
invitation-submit = Set it and sign in
invitation-used = This link was used or has expired. Ask the administrator for a new one.

menu-todo = To do
menu-done = Done
menu-overdue = Overdue
menu-register = Register
menu-new = New report
menu-search = Search
menu-cockpit = Cockpit
menu-directory = Directory
menu-audit = Audit
menu-assigned = Assigned by superiors
menu-named = Signed reports
menu-repeated = Repeats
menu-visits = Visits
menu-calls = Calls
menu-returned = Returned
menu-today = Due today

col-no = No.
col-colour = Colour
col-number = Number
col-received = Received
col-channel = Channel
col-source = Source
col-signing = Signing
col-subject = Subject
col-digest = Digest
col-kind = Kind
col-repeat = Repeat
col-holder = Holder
col-stage = Stage
col-due = Due
col-platform = Platform no.
col-letter = Letter, no., deadline
col-visited = Visited
col-called = Called
col-problem = Problem class
col-times = Times, first and last, new facts
col-opinion = Opinion
col-promises = To tell, to answer by
    .xf = To tell, to reply by
col-outcome = Outcome
col-told = Told, answered, objections
    .xf = Told, replied, objections
col-closed = Closed
col-urgency = Urgency
col-files = Files

row-first = First
row-repeat = Repeat
row-overdue = { $n } d over
row-subjects = and others, { $n } in all
row-nth = No. { $n }
row-times = { $n } in all
row-new-facts = new facts
row-no-new-facts = no new facts
row-presented = to
row-tell-until = tell by { $day }
row-answer-until = answer by { $day }
    .xf = reply by { $day }
row-told = told { $day }
row-answered = answered { $day }
    .xf = replied { $day }
row-objections = objections: { $n }

list-none = Nothing matches.
list-pages = Pages
list-before = Previous
list-after = Next
list-page = Page { $n } of { $all }
list-total = { $n } in all
list-more-than = more than { $n }
list-filter = Filter
list-export = Export
list-export-do = Export to Excel
list-first = First
list-sizes = Rows
list-table = List
list-sums = { $all } in all: { $open } open, { $named } signed, { $repeats } repeats, { $over } overdue
list-export-sealed = With sealed columns (subject, digest, problem class, letter)
list-purpose = What for (needed with sealed columns; recorded)

filter-from = From
filter-until = Until
filter-any = All
filter-do = Filter
filter-clear = Clear
filter-number = Number
filter-words = Words
filter-stage = Stage
filter-colour = Time limit
filter-channel = Channel
filter-holder = Office
filter-assignee = Handler
filter-rank = Rank
filter-place = Place
filter-today = Due today
filter-overdue = Overdue
filter-more = More conditions
filter-sealed = This page is filtered by sealed contents; the words are recorded under the seal and stand in no address.
stage-returned = Returned

view-columns = Columns
view-note = Tick the columns to show and order them with the arrows. The view is yours alone: columns, order, rows to a page and the plain conditions above (words and subjects are never kept).
view-sealed = sealed
view-up = Move “{ $what }” forward
view-down = Move “{ $what }” back
view-save = Save as my view
view-reset = Back to the default
view-mine = My view

chip-all = All

search-heading = Search
search-words = Number or words
search-subject = Subject
search-unit = Unit
search-do = Search
search-recorded = Words searched for are recorded under seal; what you may not see is neither shown nor counted.
search-hits = { $n } found

report-text = What was reported
report-unknown = Unknown
report-digest = Digest
report-drafted = drafted
report-allegation = Allegation { $n }
report-no-summary = No summary yet; use "Correct"
report-files = Attachments
report-later = Added later by the reporter
report-actions = Next step
report-refused = { $n } that cannot be done now, and why
report-papers = Papers
report-clocks = Clocks
report-suggestions = Suggestions
report-course = Course
report-erased = (lawfully erased)

clock-why = How it is worked out
clock-none = No clock is running.
clock-until = by { $date }
clock-left = { $n } days left
clock-done = done
clock-cancelled = waived

suggest-note = Offered by the program; people decide.
suggest-none = No suggestions yet; reload in a moment.
suggest-entities = People, places, events, things and organisations in the text ({ $n })
suggest-repeats = Possible repeats
suggest-new = New: 
suggest-sure = { $n } % sure
suggest-unsure = Not sure enough; please judge yourself
suggest-ground = { $why }: { $quotes }
suggest-others = Or: { $list }
suggest-category = Field of the problem
suggest-route = Route

fact-assignee = Handler
fact-master = Master report

act-none = Please choose
act-submit = { $what }
act-missing = Please fill in "{ $field }".
act-not-here = This is not done here.

verdict-yes = Agreed
verdict-no = Not agreed, back

new-facts-none = No new facts
new-facts-some = New facts

field-kind = Kind
field-ground = Ground
field-text = Opinion or note
field-to_reporter = What the reporter is told (shown on the code page)
field-way = Way
field-signing = Result
field-to = Present to
field-verdict = Verdict
field-due = Report back by
field-to_report = Number of the earlier report
field-new_facts = New facts
field-holder = To
field-watcher = Followed by (two-way transfer)
field-assign_ground = Ground of assigning
field-return_ground = Ground of returning
field-staff = Handler
field-keep_away = Who must not see it
field-clock = Clock
field-until = Until
field-extension_ground = Ground of extending
field-contact_way = Way of contact
field-disposal = Disposal
field-allegation = Allegation
field-finding = Finding
field-number = Platform number
field-cause = Cause
field-channel = Channel
field-source = Source
field-urgency = Urgency
field-title = Title
field-digest = Digest
field-allegations = Allegations

hint-suggested = Chosen as suggested; please check.
hint-link = The number. The report keeps its own number.
hint-allegations = One per line; each gets its own finding.

draft-tell_acceptance = What you reported is within scope and has been accepted; it is being handled.
draft-do_duty = What you reported is not for this organ; please turn to the competent organ: 

note-refuse = "No substance" counts only after a second person confirmed it.
note-deliver_answer = Use the approved text. The reporter sees what you write here with the code.
note-send_message = Never ask who the reporter is; ask about the matter only.

entity-name = Person
entity-position = Post
entity-government = Government
entity-organization = Organisation
entity-company = Company
entity-address = Address
entity-project = Project
entity-event = Event
entity-date = Date
entity-money = Money
entity-account = Account
entity-phone = Telephone
entity-identity = Identity number
entity-credit_code = Credit code
entity-vehicle = Vehicle
entity-document = Document

hand-heading = New report
hand-title = Title
hand-sealed = Name and contact are sealed apart at once; nobody sees them after this page.
hand-submit = Register

repeats-heading = Repeats
repeats-note = Compared while you type, or with Ctrl+K. Only the matter is compared, never the writer.
repeats-check = Check now
repeats-none = Nothing alike was found.
repeats-later = Shown once there is text.
repeats-equal = same text
repeats-alike = { $n } % alike

registered-heading = Registered
registered-open = Open it
registered-slip = Query code (write it on the slip for the reporter, or read it out twice):
registered-once = The code is shown only now; the system keeps no copy.
registered-next = Register the next one

cockpit-heading = Cockpit
cockpit-period = { $from } to { $until }
cockpit-too-few = too few
cockpit-median = median
cockpit-p90 = P90
cockpit-max = longest
cockpit-table = Figures

audit-heading = Audit
audit-note = Records about yourself and your unit are not shown; another auditor or the superior organ sees them.
audit-when = When
audit-who = Who
audit-office = Office
audit-what = What
audit-detail = Object

directory-heading = Directory
directory-office = Office
directory-staff = Staff
directory-roles = Roles
directory-nobody = Nobody yet
directory-organs = Other organs
directory-organ = Organ
directory-address = Address
directory-phone = Telephone

deed-signed_in = Signed in
deed-sign_in_failed = Sign-in failed
deed-signed_out = Signed out
deed-viewed = Viewed a report
deed-downloaded = Downloaded a file
deed-acted = Acted on a report
deed-registered = Registered a report
deed-listed = Looked at a list
deed-searched = Searched
deed-exported = Exported
deed-printed = Printed a paper
deed-imported = Imported
deed-cockpit_viewed = Looked at the cockpit
deed-audit_viewed = Queried the audit
