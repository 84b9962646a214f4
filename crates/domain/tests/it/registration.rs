//! Registration forms: what each asks for, what it says when something is missing, what comes out.

use domain::content::Subject;
use domain::registration::{Answers, CheckAgainst, Completed, Signed, carry_over, check, complete};
use domain::rules::{FormRules, Rules, ValueList};
use domain::words::{Channel, Edition, Form, Lang, Rank, Source};
use jiff::civil::date;

fn form(form: Form) -> FormRules {
    Rules::embedded().form(form).of(Edition::Jw)
}

fn codes(list: ValueList) -> Vec<String> {
    let words: &[&str] = match list {
        ValueList::Sources => &["own", "superior_assign", "superior_transfer"],
        ValueList::Channels => &["letter", "web"],
        ValueList::Urgency => &["normal", "urgent"],
        ValueList::UrgencyReasons => &["safety"],
        ValueList::Secrecy => &["none", "work", "secret"],
        ValueList::Ranks => &["village", "unknown"],
        ValueList::Problems => &["79", "unknown"],
        ValueList::Sectors => &["rural_works", "unknown"],
        ValueList::Opinions => &["keep"],
        ValueList::Divisions => &["990102", "unknown"],
        ValueList::Staff => &["s1", "s2"],
        ValueList::Subjects => &["1", "2"],
        ValueList::Ledgers | ValueList::Units | ValueList::Organs => &[],
    };
    words.iter().map(|w| (*w).to_owned()).collect()
}

fn answers(pairs: &[(&str, &str)]) -> Answers {
    Answers::of(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
}

const SHARED: &[(&str, &str)] = &[
    ("received_on", "2026-11-20"),
    ("source", "own"),
    ("urgency", "normal"),
    ("secrecy", "none"),
    ("division", "990102"),
    ("sector", "rural_works"),
    ("title", "关于反映东湾村水渠工程的问题"),
    ("text", "2025年春，东湾村修水渠没有招标。"),
    ("subject_type1", "person"),
    ("name1", "周某某"),
    ("rank1", "village"),
    ("about1", "1"),
    ("problem1", "79"),
    ("summary1", "水渠工程未招标"),
    ("signing", "anonymous"),
    ("opinion", "keep"),
];

const LETTER: &[(&str, &str)] = &[
    ("letter_number", "2026-1183"),
    ("receipt_way", "post"),
    ("pages", "3"),
    ("items", "none"),
    ("kept_at", "3-12-05"),
];

fn with(extra: &[(&str, &str)]) -> Answers {
    answers(&[SHARED, LETTER, extra].concat())
}

fn faults(which: Form, answers: &Answers) -> Vec<(String, String)> {
    let about = |subjects: &[Subject]| {
        let named = subjects.iter().any(|subject| subject.name.as_deref() == Some("苏晓禾"));
        named.then(|| "s2".to_owned()).into_iter().collect()
    };
    let against = CheckAgainst { today: date(2026, 11, 22), codes: &codes, about: &about };
    let found = check(&form(which), answers, &against);
    found.iter().map(|f| (f.key.clone(), f.text(Lang::Zh).to_owned())).collect()
}

fn done(which: Form, answers: &Answers) -> Completed {
    assert_eq!(faults(which, answers), Vec::new());
    complete(&form(which), answers).expect("in order")
}

#[test]
fn an_empty_form_says_for_every_field_what_to_write() {
    for which in Form::ALL {
        let found = faults(*which, &Answers::default());
        assert!(found.len() > 12, "{which}: {found:?}");
        for (key, text) in &found {
            assert!(text.contains("还没有填。") && text.chars().count() > 12, "{which} {key}: {text}");
        }
    }
    let keys: Vec<String> = faults(Form::Letter, &Answers::default()).into_iter().map(|f| f.0).collect();
    for key in ["letter_number", "receipt_way", "pages", "items", "received_on", "title", "text", "signing", "summary1"]
    {
        assert!(keys.iter().any(|k| k == key), "{key} is not asked for");
    }
}

#[test]
fn whoever_is_named_receives_nobody_opens_nothing_and_signs_for_nothing() {
    let chosen = |about: &str, field: &str, who: &str| -> Vec<(String, String)> {
        // Two sign for what lay in the letter.
        let mut answers = with(&[(field, who), ("items", "cash")]);
        answers.set("name1", about);
        let said = |which| faults(which, &answers).into_iter().filter(|(_, text)| text.contains("回避"));
        Form::ALL.iter().flat_map(|which| said(*which)).collect()
    };
    let all = [
        "opened_by",
        "witness",
        "items_signed_one",
        "items_signed_two",
        "taken_by",
        "receiver_one",
        "receiver_two",
        "duty_leader",
        "signed_by",
    ];
    for field in all {
        assert_eq!(chosen("周某某", field, "s2"), [], "{field}: it is about somebody else");
        assert_eq!(chosen("苏晓禾", field, "s1"), [], "{field}: another colleague");
        let said = chosen("苏晓禾", field, "s2");
        assert_eq!(said.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), [field]);
        assert!(said[0].1.contains("请由另一位同志接手"), "{}", said[0].1);
    }
    // No form has a field for a member of staff that is not asked about here.
    let fields = Form::ALL.iter().flat_map(|which| form(*which).sections).flat_map(|section| section.field);
    for field in fields.filter(|field| field.list == Some(ValueList::Staff)) {
        assert!(all.contains(&field.name.as_str()), "{}", field.name);
    }
}

#[test]
fn a_letter_becomes_columns_narrative_and_a_sealed_rest() {
    let two = with(&[
        ("name2", "甲单位"),
        ("alias2", "老甲"),
        ("problem2", "unknown"),
        ("about2", "2"),
        ("summary2", "虚报工程款"),
        ("subject_type2", "person"),
        ("rank2", "unknown"),
        ("enclosures", "领条 2份 复印件"),
    ]);
    let done = done(Form::Letter, &two);
    assert_eq!((done.channel, done.source, done.signed), (Channel::Letter, Source::Own, Signed::No));
    assert_eq!(done.subjects.len(), 2);
    assert_eq!(done.subjects[1].rank, Some(Rank::Unknown));
    let about: Vec<_> = done.allegations.iter().map(|a| (a.id, a.subject, a.problem.as_deref())).collect();
    assert_eq!(about, [(1, Some(0), Some("79")), (2, Some(1), None)]);
    assert_eq!(done.registration.fields["letter_number"], ["2026-1183"]);
    assert_eq!(done.registration.fields["alias2"], ["老甲"]);
    assert!(!done.registration.fields.contains_key("text") && !done.registration.fields.contains_key("received_on"));
    assert_eq!(done.identity, None);
}

#[test]
fn a_state_secret_is_refused_with_where_to_go() {
    let mut answers = with(&[]);
    answers.set("secrecy", "secret");
    let found = faults(Form::Letter, &answers);
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains("涉密件请线下登记"), "{found:?}");
}

#[test]
fn an_unopened_letter_asks_for_no_content_and_is_registered_all_the_same() {
    let answers = answers(&[
        ("received_on", "2026-11-20"),
        ("source", "own"),
        ("urgency", "normal"),
        ("secrecy", "none"),
        ("signing", "anonymous"),
        ("opinion", "keep"),
        ("letter_number", "2026-1184"),
        ("receipt_way", "fax"),
        ("items", "none"),
        ("kept_at", "3-1-1"),
        ("unopened", "yes"),
        ("addressee", "书记亲启"),
    ]);
    let done = done(Form::Letter, &answers);
    assert!(done.text.contains("书记亲启") && done.text.contains("未拆封"), "{}", done.text);
    assert!(done.subjects.is_empty());
    assert_eq!(done.allegations.len(), 1);
    assert_eq!(done.channel, Channel::Other, "a fax is no letter");
}

#[test]
fn who_signs_is_asked_for_and_rests_in_the_identity_alone() {
    let mut signed = with(&[("id_type", "id_card"), ("id_number", "110105194912310021"), ("safe_contact", "不留言")]);
    assert!(faults(Form::Letter, &signed).iter().any(|f| f.0 == "signing" && f.1.contains("匿名")));
    signed.set("signing", "named");
    let keys: Vec<String> = faults(Form::Letter, &signed).into_iter().map(|f| f.0).collect();
    assert_eq!(keys, ["reporter_name", "reporter_contact", "id_number"]);
    signed.set("reporter_name", "苗望春");
    signed.set("reporter_contact", "十七号信箱");
    signed.set("id_number", "11010519491231002X");
    let done = done(Form::Letter, &signed);
    let identity = done.identity.expect("signed");
    assert_eq!(identity.further["safe_contact"], ["不留言"]);
    for name in ["id_number", "safe_contact", "reporter_name"] {
        assert!(!done.registration.fields.contains_key(name), "{name} stands with the content");
    }
}

#[test]
fn the_six_questions_of_a_call_fill_the_rest() {
    let mut call = answers(
        &[
            SHARED,
            &[
                ("called_at", "2026-11-22T09:30"),
                ("taken_by", "s1"),
                ("access", "staffed"),
                ("recording", "told"),
                ("who", "孔某某"),
                ("when", "2025年3月"),
                ("where", "某镇"),
                ("what", "虚报化肥补贴"),
                ("proof", "有领条"),
                ("wants", "查处"),
                ("confirmed", "yes"),
                ("call_outcome", "accepted"),
            ],
        ]
        .concat(),
    );
    for name in ["name1", "summary1", "text"] {
        call.set(name, "");
    }
    carry_over(&form(Form::Call), &mut call);
    assert_eq!(
        (call.first("name1"), call.first("summary1"), call.first("location1")),
        ("孔某某", "虚报化肥补贴", "某镇")
    );
    let done = done(Form::Call, &call);
    assert!(done.text.contains("【何事】虚报化肥补贴") && done.text.contains("【何求】查处"));
    assert_eq!(done.channel, Channel::Phone);
    call.set("text", "另写");
    carry_over(&form(Form::Call), &mut call);
    assert_eq!(call.first("text"), "另写", "what was typed is never overwritten");
}

#[test]
fn a_transferred_item_keeps_its_first_channel_and_drives_its_clock() {
    let mut item = answers(
        &[
            SHARED,
            &[
                ("from_organ", "某某省信访局"),
                ("document_number", "某信转〔2026〕12号"),
                ("document_on", "2026-11-18"),
                ("document_way", "courier"),
                ("superior_due", "2027-02-20"),
                ("platform_number", "无"),
                ("signed_by", "s1"),
                ("signed_at", "2026-11-20T10:05"),
                ("channel", "web"),
                ("first_repeat", "first"),
                ("pages", "12"),
                ("pages_checked", "match"),
            ],
        ]
        .concat(),
    );
    assert!(faults(Form::Transfer, &item).iter().any(|f| f.0 == "superior_due"), "own items have no such date");
    item.set("source", "superior_assign");
    let assigned = done(Form::Transfer, &item);
    assert_eq!((assigned.channel, assigned.superior_due), (Channel::Web, Some(date(2027, 2, 20))));
    assert_eq!(assigned.platform_number, None);
    assert_eq!(assigned.source_note.as_deref(), Some("某某省信访局 某信转〔2026〕12号"));
    item.set("signing", "named_verified");
    item.set("reporter_name", "苗望春");
    item.set("reporter_contact", "十七号信箱");
    assert_eq!(done(Form::Transfer, &item).signed, Signed::VerifiedAbove);
}

#[test]
fn a_visit_needs_two_receivers_and_says_so() {
    let visit = answers(
        &[
            SHARED,
            &[
                ("arrived_at", "2026-11-23T09:30"),
                ("window", "二号接谈室"),
                ("receiver_one", "s1"),
                ("receiver_two", "s1"),
                ("visit_type", "video"),
                ("visitors", "一人"),
                ("recording", "told"),
                ("read_back", "read"),
                ("signature", "refused"),
                ("answer", "guided"),
                ("happened_from", "2025年"),
            ],
        ]
        .concat(),
    );
    let found = faults(Form::Visit, &visit);
    for (key, words) in [
        ("arrived_at", "不能晚于今天"),
        ("receiver_two", "另一位"),
        ("visitors", "整数"),
        ("signature_refused", "还没有填"),
        ("guided_to", "名称、地址和电话"),
        ("happened_from", "2024-03"),
    ] {
        assert!(found.iter().any(|f| f.0 == key && f.1.contains(words)), "{key}: {found:?}");
    }
    assert_eq!(found.len(), 6, "{found:?}");
    let complete = complete(&form(Form::Visit), &visit).expect("its columns can be read");
    assert_eq!(complete.channel, Channel::Video);
}

#[test]
fn what_was_found_in_a_letter_is_listed_and_signed_for_by_two() {
    let found = |extra: &[(&str, &str)]| {
        let letter =
            [SHARED, &[("letter_number", "1"), ("receipt_way", "post"), ("pages", "1"), ("kept_at", "1")], extra];
        faults(Form::Letter, &answers(&letter.concat())).into_iter().map(|f| f.0).collect::<Vec<_>>()
    };
    assert_eq!(found(&[("items", "cash")]), ["items_list", "items_signed_one", "items_signed_two", "items_sealed"]);
    let cash = [("items", "cash"), ("items_list", "现金 500元"), ("items_sealed", "封存，三号柜")];
    let signed = |by: &'static str| [&cash[..], &[("items_signed_one", "s1"), ("items_signed_two", by)]].concat();
    assert_eq!(found(&signed("s1")), ["items_signed_two"]);
    assert_eq!(found(&signed("s2")), [""; 0]);
    assert_eq!(found(&[("items", "none"), ("items", "disc")])[..1], ["items_list".to_owned()]);
    assert!(found(&[("items", "none"), ("items", "disc")]).contains(&"items".to_owned()), "none and a disc");
}

#[test]
fn a_group_is_five_and_nothing_ends_before_it_begins() {
    let wrong = |form: Form, pairs: &[(&str, &str)], key: &str| {
        faults(form, &answers(&[SHARED, pairs].concat())).iter().any(|(k, text)| k == key && !text.contains("还没有填"))
    };
    assert!(wrong(Form::Visit, &[("visit_type", "group"), ("visitors", "4")], "visitors"));
    assert!(!wrong(Form::Visit, &[("visit_type", "group"), ("visitors", "5")], "visitors"));
    assert!(!wrong(Form::Visit, &[("visit_type", "single"), ("visitors", "4")], "visitors"));
    let talk = |until| [("began_at", "2026-11-20T09:30"), ("ended_at", until)];
    assert!(wrong(Form::Visit, &talk("2026-11-20T09:29"), "ended_at"));
    assert!(!wrong(Form::Visit, &talk("2026-11-20T10:10"), "ended_at"));
    let call = [("called_at", "2026-11-20T09:30"), ("ended_at", "2026-11-19T09:40")];
    assert!(wrong(Form::Call, &call, "ended_at"));
}

#[test]
fn tags_are_words_each_once_and_stand_beside_the_text() {
    let done = done(
        Form::Letter,
        &with(&[("tag_person", "周某某、 周某某，老周"), ("tag_event", "a,b,c,d,e,f,g,h,i"), ("tag_organ", "；")]),
    );
    assert_eq!(done.tags.persons, ["周某某", "老周"]);
    assert_eq!(done.tags.events.len(), 8, "eight at most");
    assert!(done.tags.organs.is_empty() && !done.tags.is_empty());
    assert!(done.registration.fields.keys().all(|name| !name.starts_with("tag_")), "they are kept once");
    assert_eq!(done.registration.fields["sector"], ["rural_works"]);
}

#[test]
fn a_signature_without_a_way_to_reach_her_is_looked_into_and_what_she_is_rests_in_the_identity() {
    let mut signed = with(&[("political", "masses"), ("reporter_level", "village")]);
    signed.set("signing", "pending");
    assert_eq!(faults(Form::Letter, &signed).into_iter().map(|f| f.0).collect::<Vec<_>>(), ["reporter_name"]);
    signed.set("reporter_name", "苗望春");
    let done = done(Form::Letter, &signed);
    let identity = done.identity.expect("somebody signed");
    assert_eq!((done.signed, identity.contact.as_str()), (Signed::Unverified, ""));
    assert_eq!(identity.further.keys().collect::<Vec<_>>(), ["political", "reporter_level"]);
    assert!(["political", "reporter_level"].iter().all(|name| !done.registration.fields.contains_key(*name)));

    // Each edition asks for its own bands, and every one of them is under the three keys.
    for (edition, bands) in [
        (Edition::Jw, &["political", "employment", "reporter_level"][..]),
        (Edition::Xf, &["sex", "age_band", "education", "occupation"][..]),
    ] {
        for which in [Form::Letter, Form::Visit, Form::Call] {
            let form = Rules::embedded().form(which).of(edition);
            for name in ["sex", "age_band", "education", "occupation", "political", "employment", "reporter_level"] {
                let field = form.field(name).map(|(_, field)| field.sealed);
                let wanted = bands.contains(&name).then_some(domain::rules::Seal::Identity);
                assert_eq!(field, wanted, "{edition} {which} {name}");
            }
        }
    }
}
