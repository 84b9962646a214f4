//! The desk's pages in the gallery.

use askama::Template;
use domain::words::Lang;
use store::Total;
use web::desk::page::*;
use web::locale::Voice;

use crate::gallery::{keep, voices};

fn frame(voice: Voice, here: &'static str) -> DeskPage {
    let entry = |href, key: &str, count, hot| MenuItem {
        href,
        label: voice.t(key),
        count,
        hot,
        current: href == here,
        sub: href == "/overdue",
        begins: href == "/register",
    };
    DeskPage {
        voice,
        organ: if voice.lang == Lang::Zh { "云澜市纪委监委" } else { "Yunlan Commission" }.to_owned(),
        me: "陈静".into(),
        office: "信访室".into(),
        roles: "信访室经办".into(),
        csrf: "c".into(),
        menu: vec![
            entry("/", "menu-todo", Some(Total::Exactly(38)), false),
            entry("/done", "menu-done", None, false),
            entry("/overdue", "menu-overdue", Some(Total::MoreThan(10_000)), true),
            entry("/register", "menu-register", None, false),
            entry("/new", "menu-new", None, false),
            entry("/search", "menu-search", None, false),
            entry("/cockpit", "menu-cockpit", None, false),
            entry("/directory", "menu-directory", None, false),
            entry("/audit", "menu-audit", None, false),
        ],
        counts: Default::default(),
    }
}

/// Columns of a list with their widest contents.
const COLUMNS: [(&str, &[&str]); 13] = [
    ("no", &["100"]),
    ("colour", &["超 13 日"]),
    ("number", &["990100J01-2026-000217-K"]),
    ("received", &["2026-11-18"]),
    ("channel", &["网络", "同级部门移送"]),
    ("signing", &["实名待核"]),
    ("subject", &["周某某 青禾县柳河镇东湾村 村委会主任 村（社区）两委负责人 等 2 人"]),
    ("digest", &["反映村委会主任把水渠工程交给妻弟，没有公开招标，报账虚高。"]),
    ("repeat", &["第 2 次", "990100J01-2026-000101-3"]),
    ("opinion", &["△ 分管领导"]),
    ("holder", &["移送 第二监督检查室", "钱明"]),
    ("stage", &["待研判"]),
    ("due", &["2026-11-25", "剩 3 天"]),
];

fn table() -> TableView {
    let cell = |(key, lines): (&'static str, &[&str])| CellView {
        class: format!("c-{key}"),
        badge: if key == "colour" { "red" } else { "" },
        href: if key == "number" { "/reports/0".into() } else { String::new() },
        title: lines[0].into(),
        lines: lines.iter().map(|l| (*l).to_owned()).collect(),
    };
    TableView { width: 13, colours: true, set: true, rows: (0..14).map(|_| COLUMNS.map(cell).to_vec()).collect() }
}

fn heads(voice: Voice) -> Vec<HeadView> {
    let go = |href: bool| Go {
        href: href.then(|| "/?sort=due-desc".to_owned()),
        name: "sort",
        value: "due-desc".into(),
        label: voice.t("col-due"),
    };
    let head = |(key, _): (&'static str, &[&str])| HeadView {
        key,
        class: format!("c-{key}{}", if key == "subject" { " w-20" } else { "" }),
        label: voice.t(&format!("col-{key}")),
        order: if key == "due" { "ascending" } else { "" },
        go: match key {
            "due" => Some(go(true)),
            "received" => Some(go(false)),
            _ => None,
        },
    };
    COLUMNS.map(head).to_vec()
}

fn form(voice: Voice) -> FormView {
    let field = |name, kind, required| FieldView {
        name,
        label: voice.t(&format!("field-{name}")),
        kind,
        value: String::new(),
        options: vec![("accusation".into(), "检举控告".into()), ("appeal".into(), "申诉".into())],
        required,
        hint: String::new(),
    };
    FormView {
        action: "/reports/0/do/accept".into(),
        heading: "受理".into(),
        error: String::new(),
        note: voice.t("note-refuse"),
        csrf: "c".into(),
        seen: 2,
        none: voice.t("act-none"),
        submit: voice.t1("act-submit", "what", "受理"),
        fields: vec![field("kind", "choice", true), field("text", "long", false), field("due", "date", false)],
    }
}

fn report(voice: Voice) -> ReportView {
    let button = |label: &str, why: &str, first| ButtonView {
        label: label.into(),
        href: "/reports/0/do/accept".into(),
        why: why.into(),
        first,
        whole: false,
    };
    ReportView {
        number: "990100J01-2026-000217-K".into(),
        stage: "待研判".into(),
        badges: vec![("grey", "匿名".into()), ("yellow", "重复件".into())],
        facts: vec![
            ("登记日期".into(), "2026年11月18日".into()),
            ("渠道".into(), "网络 / 本级自收".into()),
            ("去向".into(), "信访室".into()),
        ],
        title: "关于反映东湾村水渠工程的问题".into(),
        subjects: vec!["周某某 青禾县柳河镇东湾村 村委会主任 村（社区）“两委”负责人".into()],
        digest: "2024年春，东湾村修水渠，村委会主任把工程交给妻弟，没有公开招标，报账虚高。".into(),
        drafted: true,
        allegations: vec![(1, "违规发包水渠工程".into(), "部分属实".into()), (2, "虚报工程款".into(), String::new())],
        registration: vec![("收件方式".into(), "邮寄".into())],
        pieces: vec![
            ("2024年春天".into(), "时间".into()),
            ("，东湾村修水渠，村委会主任".into(), String::new()),
            ("周某某".into(), "人名".into()),
            ("把工程交给妻弟，没有公开招标，报账比市价高出一倍，共套取".into(), String::new()),
            ("三万多元".into(), "金额".into()),
            ("。<script>alert(1)</script>".into(), String::new()),
        ],
        files: vec![("/f".into(), "水渠报账单.pdf".into(), "2.3 MB".into())],
        evidence: vec![("2026年11月20日 反映人留言".into(), "村东头，靠近公路。".into())],
        buttons: vec![
            button("受理", "", true),
            button("不予受理", "", false),
            button("挂接重复件", "", false),
            button("校正补录", "", false),
            button("呈批", "先作出受理决定，再呈批。", false),
            button("分办", "还没有批示，请先呈批。", false),
        ],
        refused: 2,
        papers: vec![("/p".into(), "信访举报呈批单".into())],
        issued: vec![("/reports/1/papers/2".into(), "信访事项受理告知书 2026-11-21".into())],
        clocks: vec![ClockView {
            class: "yellow",
            badge: "黄".into(),
            name: "受理或者转办".into(),
            due: "最迟 2026年11月25日".into(),
            left: "剩 3 天".into(),
            why: "2026年11月18日（星期三）收到，5个工作日：19、20、23、24、25日 → 2026年11月25日（星期三）".into(),
            source: "法定时限 规则第十六条".into(),
        }],
        suggestions: Some(SuggestionsView {
            version: "1.0".into(),
            lines: vec![
                SuggestionLine {
                    label: "类别".into(),
                    value: "检举控告".into(),
                    sure: "把握 93%".into(),
                    grounds: vec!["提到职务和不当行为：没有公开招标、套取".into()],
                },
                SuggestionLine {
                    label: "去向".into(),
                    value: "移送 第二监督检查室".into(),
                    sure: "把握 88%".into(),
                    grounds: vec!["被反映人由青禾县管理".into()],
                },
            ],
            entities: vec![("人名".into(), "周某某".into())],
            repeats: vec![RepeatView {
                href: "/reports/1".into(),
                number: "990100J01-2026-000101-3".into(),
                how: "相近 82%".into(),
                fresh: vec!["报账比市价高出一倍。".into()],
            }],
        }),
        course: vec![CourseLine {
            when: "2026-11-18".into(),
            who: voice.t("actor-reporter"),
            what: "登记：网络，本级自收".into(),
            words: String::new(),
        }],
    }
}

#[test]
fn every_desk_page_renders_in_both_languages_and_editions() {
    for voice in voices() {
        let p = |here| frame(voice, here);
        let say = |name: &str, html: askama::Result<String>| {
            let html = html.expect("renders");
            assert!(!html.contains("<script>alert"), "{name}: a text became markup");
            keep(name, voice, &html);
        };
        for (error, invitation) in [("", ""), ("用户名或密码不对", ""), ("", "t0")] {
            let name = format!("sign-in{}{invitation}", if error.is_empty() { "" } else { "-error" });
            let door = SignIn {
                v: DoorVoice(voice),
                error: error.into(),
                user: "chenjing".into(),
                invitation: invitation.into(),
            };
            say(&name, door.render());
        }
        let chip = |label: &str, current| Chip {
            href: "/".into(),
            label: label.into(),
            count: Some(Total::Exactly(12)),
            current,
        };
        let go =
            |name: &'static str, label: String| Go { href: Some("/?page=1".into()), name, value: "1".into(), label };
        let pager = Pager {
            total: voice.t1("list-total", "n", 138),
            page: voice.t2("list-page", "n", 3, "all", 7),
            first: Some(go("page", voice.t("list-first"))),
            before: Some(go("page", voice.t("list-before"))),
            after: Some(Go { href: None, ..go("page", voice.t("list-after")) }),
            sizes: ["20", "50", "100"].map(|n| (n == "20", go("size", n.into()))).to_vec(),
        };
        let select = |label: &str| Select {
            name: "channel",
            label: voice.t(label),
            value: "web".into(),
            options: vec![("letter".into(), "来信".into()), ("web".into(), "网络".into())],
        };
        let filter = |open: bool| FilterRow {
            selects: ["filter-stage", "filter-colour", "filter-channel"].map(select).to_vec(),
            more: ["col-source", "col-kind", "col-signing", "col-repeat", "filter-holder", "filter-rank"]
                .map(select)
                .to_vec(),
            open,
            sealed: open,
            ..FilterRow::default()
        };
        let columns = [("colour", true, false), ("subject", true, true), ("closed", false, false)];
        let list = |heading: &str| List {
            p: p(if heading == "menu-todo" { "/" } else { "/register" }),
            heading: voice.t(heading),
            error: String::new(),
            here: "/register",
            ledger: "register",
            chips: vec![chip("全部", true), chip("待研判", false)],
            filter: filter(heading != "menu-todo"),
            sort: "due-asc".into(),
            size: 20,
            may_export: true,
            columns: columns
                .map(|(key, shown, sealed)| ColumnView {
                    key,
                    label: voice.t(&format!("col-{key}")),
                    shown,
                    sealed,
                    may_widen: key != "colour",
                    width: if sealed { "20".into() } else { String::new() },
                })
                .to_vec(),
            mine: true,
            heads: heads(voice),
            table: table(),
            sums: voice
                .ta("list-sums", &["all", "open", "named", "repeats", "over"].map(|name| (name, "138".to_owned()))),
            pager: pager.clone(),
        };
        say("inbox", list("menu-todo").render());
        say("register", list("menu-register").render());
        let search = Search {
            p: p("/search"),
            q: Asked { words: "水渠".into(), ..Asked::default() },
            asked: true,
            total: 38,
            page_no: 1,
            more: true,
            may_export: true,
            heads: heads(voice),
            table: table(),
        };
        say("search", search.render());
        say("report", ReportPage { p: p("/"), r: report(voice), form: None }.render());
        say("report-form", ReportPage { p: p("/"), r: report(voice), form: Some(form(voice)) }.render());
        say("form", Fragment { form: form(voice) }.render());
        let found = report(voice).suggestions.map(|s| s.repeats).unwrap_or_default();
        let input = |key: &str, kind: &'static str, must: &'static str| InputView {
            looks: key == "text",
            key: key.into(),
            label: "收件方式".into(),
            kind,
            value: String::new(),
            ticked: false,
            blank: true,
            options: vec![OptionView {
                code: "post".into(),
                label: "邮寄".into(),
                initials: "yj".into(),
                chosen: false,
            }],
            must,
            identity: kind == "text",
            help: "选这封信是怎样收到的。".into(),
            error: if must.is_empty() { String::new() } else { "收件方式还没有填。".into() },
            width: 1,
            max: 40,
            rows: 2,
            offers: "",
            fills: String::new(),
        };
        let kinds = ["text", "long", "number", "date", "datetime-local", "choice", "multi", "tick"];
        let inputs = kinds.iter().zip(["●", "◐", "", "", "", "●", "", ""]).map(|(k, m)| input(k, k, m)).collect();
        let hand = Hand {
            p: p("/new"),
            forms: vec![chip("来信", true), chip("来访", false)],
            form: "letter".into(),
            token: "00".into(),
            draft: "00".into(),
            sections: vec![SectionView {
                id: "subjects".into(),
                heading: "被反映人（单位）".into(),
                repeats: true,
                may_more: true,
                count: 1,
                count_key: "count.subjects".into(),
                blocks: vec![BlockView { n: 1, inputs }],
            }],
            units: vec![("青禾县住建局".into(), "qhxzjj".into())],
            organs: vec![],
            errors: vec![],
            done: voice.t1("draft-kept", "time", "09:30"),
            found: found.clone(),
            none: voice.t("repeats-none"),
        };
        say("hand", hand.render());
        say("found", Found { found: vec![], none: voice.t("repeats-none") }.render());
        let registered = Registered {
            link: String::new(),
            p: p("/new"),
            number: "990100J01-2026-000217-K".into(),
            href: "/reports/0".into(),
            code: "7KQ2M-9XW4T-8RB1C-DH5NZ".into(),
            how: voice.t("registered-call"),
            next: "/new".into(),
        };
        say("registered", registered.render());
        let draft = |opens| DraftView {
            id: "00".into(),
            form: "来信".into(),
            title: "关于反映东湾村水渠工程的问题".into(),
            changed: "2026年11月21日".into(),
            opens,
        };
        say("drafts", Drafts { p: p("/drafts"), drafts: vec![draft(true), draft(false)] }.render());
        let outcome = Outcome {
            batch: "省局第3批".into(),
            error: String::new(),
            said: voice.t2("import-checked", "good", 3, "bad", 1),
            columns: vec![("反映内容".into(), "内容".into())],
            faults: vec![FaultView {
                line: "4".into(), column: "留言时间".into(), why: "日期或时间不存在".into()
            }],
            more: voice.t2("import-more", "n", 500, "all", 1500),
            json: "[]".into(),
        };
        let import = |outcomes, error: &str| ImportPage {
            p: p("/import"),
            source: "省局第3批".into(),
            outcomes,
            error: error.into(),
        };
        say(
            "import",
            import(
                vec![outcome, Outcome { batch: "清单2.csv".into(), error: "读不了。".into(), ..Outcome::default() }],
                "",
            )
            .render(),
        );
        say("import refused", import(Vec::new(), &voice.t("import-no-file")).render());
        let part = |n| PartView {
            n,
            title: "水渠工程".into(),
            text: "修水渠没有招标。".into(),
            name: "周某某".into(),
            unit: String::new(),
            post: String::new(),
            division: String::new(),
        };
        let split = SplitPage {
            p: p(""),
            href: "/reports/0".into(),
            number: "990100J01-2026-000217-K".into(),
            seen: 2,
            title: "关于反映东湾村的问题".into(),
            whole: "一是水渠，二是低保。".into(),
            parts: vec![part(1), part(2)],
            may_more: true,
            places: vec![("990102".into(), "东湾村".into())],
            error: String::new(),
        };
        say("split", split.render());
        say("no drafts", Drafts { p: p("/drafts"), drafts: vec![] }.render());
        let figure = |no: usize| Figure {
            no: no.to_string(),
            name: "信访举报接收总量".into(),
            value: if no == 3 { "93.1%".into() } else { (no * 37).to_string() },
            of: "54 / 58".into(),
            hot: no == 19,
        };
        let ids =
            ["chart-received", "chart-channels", "chart-sources", "chart-closed", "chart-findings", "chart-clocks"];
        let chart = |id| Chart {
            id,
            name: "各渠道件数".into(),
            alt: "网络 120".into(),
            rows: vec![("网络".into(), "120".into())],
        };
        let data: Vec<String> = ids
            .iter()
            .zip(["line", "pie", "bar", "line", "pie", "bar"])
            .map(|(id, kind)| format!(r#"{{"id":"{id}","kind":"{kind}","rows":[["来信",40],["来访",25],["来电",33],["网络",120],["视频",4]]}}"#))
            .collect();
        let cockpit = Cockpit {
            p: p("/cockpit"),
            period: "2026年1月1日 至 2026年11月21日".into(),
            periods: ["本月", "本季", "本年"]
                .map(|name| ("/cockpit?from=2026-11-01".into(), name.into(), name == "本年"))
                .into(),
            figures: (1..=20).map(figure).collect(),
            charts: ids.map(chart).to_vec(),
            data: format!("[{}]", data.join(",")),
        };
        say("cockpit", cockpit.render());
        let line = AuditLine {
            when: "2026-11-21 09:12:44".into(),
            who: "陈静".into(),
            office: "信访室".into(),
            what: voice.t("deed-viewed"),
            detail: "0123".into(),
        };
        let choice = |name: &'static str, label: &str| Select {
            name,
            label: voice.t(label),
            value: "xf".into(),
            options: vec![("xf".into(), "信访室".into()), ("jj1".into(), "第一监督检查室".into())],
        };
        let audit = Audit {
            p: p("/audit"),
            from: "2026-11-21".into(),
            until: "2026-11-21".into(),
            staff: choice("staff", "audit-who"),
            kind: choice("kind", "audit-what"),
            entries: vec![line],
            pager: Pager { sizes: Vec::new(), ..pager.clone() },
        };
        say("audit", audit.render());
        let person = PersonForm {
            name: String::new(),
            user: String::new(),
            office: choice("office", "directory-office"),
            roles: vec![(true, "clerk".into(), "信访室经办".into()), (false, "head".into(), "信访室主任".into())],
            near: "林建平 配偶".into(),
        };
        let somebody = |waits: bool| StaffLine {
            href: if waits { "/directory/staff/s".into() } else { String::new() },
            name: "陈静".into(),
            user: if waits { "chenjing".into() } else { String::new() },
            office: "信访室".into(),
            roles: "信访室经办".into(),
            state: voice.t(if waits { "directory-waits" } else { "directory-serves" }),
            waits,
        };
        for (name, may_edit) in [("directory", false), ("directory-admin", true)] {
            let directory = DirectoryPage {
                p: p("/directory"),
                error: if may_edit { "登录名请用小写字母".into() } else { String::new() },
                may_edit,
                may_export: true,
                name: String::new(),
                office: choice("office", "directory-office"),
                role: choice("role", "directory-roles"),
                staff: vec![somebody(may_edit), somebody(false)],
                pager: Pager { sizes: Vec::new(), ..pager.clone() },
                offices: vec![OfficeLine {
                    id: "xf".into(),
                    name: "信访室".into(),
                    kind: voice.t("office-kind-petition"),
                    leader: "l".into(),
                    leader_name: "王岚".into(),
                    phone: "0990-0000000".into(),
                    people: 2,
                }],
                organs: vec![("省纪委监委".into(), "某某路1号".into(), "0990-0000000".into())],
                posts: vec![["县住建局".into(), "局长".into(), "乡科级".into(), "县委".into()]],
                leaders: vec![("l".into(), "王岚".into())],
                open: if may_edit { "person" } else { "" },
                person: person.clone(),
                office_name: String::new(),
                office_phone: String::new(),
                office_kind: choice("kind", "directory-kind"),
                office_leader: choice("leader", "directory-leader"),
            };
            say(name, directory.render());
        }
        for (name, may_grant) in [("person-admin", false), ("person-security", true)] {
            let one = PersonPage {
                seen: 1,
                p: p("/directory"),
                error: String::new(),
                id: "s".into(),
                name: "陈静".into(),
                user: "chenjing".into(),
                office: "信访室".into(),
                roles: String::new(),
                state: voice.t("directory-waits"),
                proposed: Some(("信访室经办".into(), "信访室".into(), "王岚".into())),
                may_edit: !may_grant,
                may_grant,
                form: person.clone(),
                link: if may_grant { String::new() } else { "https://desk.example/invitation/abc".into() },
                code: if may_grant { "7KQ2M9XW".into() } else { String::new() },
            };
            say(name, one.render());
        }
        let given_up = GivenUpLine {
            queue: "jobs",
            id: "0123456789abcdef0123456789abcdef".into(),
            what: voice.t("job-judge"),
            attempts: 10,
            error: "internal".into(),
            day: "2026-11-20".into(),
        };
        say("operations", Operations { p: p("/operations"), lines: vec![given_up] }.render());
        let notice = Notice {
            p: p("/"),
            heading: voice.t("desk-trouble"),
            text: voice.t("error-csrf"),
            back: ("/".into(), voice.t("desk-home")),
        };
        say("notice", notice.render());
    }
}
