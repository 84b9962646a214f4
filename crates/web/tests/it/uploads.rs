//! Tables, later evidence and splitting on the desk's pages.

use axum::http::StatusCode;
use domain::words::{Channel, Role, Source, Urgency};
use office::intake::{Entry, NewReport};

use crate::house::{House, get, hidden, post, upload_as};

type Pairs = Vec<(String, String)>;

fn csrf(html: &str) -> Pairs {
    hidden(html).into_iter().filter(|(n, _)| n == "csrf" || n == "seen").collect()
}

fn with(secret: &Pairs, given: &[(&str, &str)]) -> Pairs {
    secret.iter().cloned().chain(given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))).collect()
}

async fn report(house: &House) -> String {
    let opening = house.hall.open_report(&house.tenant, &[]).expect("opened");
    let new = NewReport {
        entry: Entry::Public,
        token: vec![9; 16],
        body: Vec::new(),
        channel: Channel::Web,
        source: Source::Own,
        received_on: None,
        urgency: Urgency::Normal,
        superior_due: None,
        title: String::new(),
        text: "一是修路的钱没有公开。二是低保没有评议。".to_owned(),
        subjects: Vec::new(),
        division: None,
        problem: None,
        source_note: None,
        named: None,
    };
    house.hall.receive(opening, new).await.expect("received").report.to_string()
}

const TABLE: &str = "编号,主题,留言时间,反映内容\n\
    1,路灯,2026-01-11 09:30,城南小区路灯坏了三个月没有人修。\n\
    2,日子不对,2026-02-30,密语甲在二月三十日发生。\n\
    3,积水,2026-01-12,密语乙门口积水没有人管。\n";

#[tokio::test]
async fn a_table_is_checked_then_taken_once_and_its_faults_quote_no_cell() {
    let house = House::new().await;
    let cookie = house.cookie(Role::Clerk).await;
    let page = get(house.desk(), "/import", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("href=\"/template\""));
    let secret = csrf(&page.body);
    let file: &[(&str, &[u8])] = &[("省局清单.csv", TABLE.as_bytes())];

    let checked = upload_as(house.desk(), "/import", &cookie, &with(&secret, &[("do", "check")]), file).await;
    for words in ["2 行可以导入，1 行有问题", "反映内容 → 内容", "留言时间", "日期或时间不存在"]
    {
        assert!(checked.body.contains(words), "{words}: {}", checked.body);
    }
    assert!(!checked.body.contains("密语"), "a cell is on the page");

    for (round, said) in [(1, "新登记 2 件，原已登记 0 件，1 行"), (2, "新登记 0 件，原已登记 2 件，1 行")]
    {
        let done = upload_as(house.desk(), "/import", &cookie, &with(&secret, &[("do", "import")]), file).await;
        assert!(done.body.contains(said), "round {round}: {}", done.body);
        let faults = hidden(&done.body).into_iter().find(|(n, _)| n == "faults").expect("the faults").1;
        let list = post(house.desk(), "/import/faults", &cookie, &with(&secret, &[("faults", &faults)])).await;
        assert!(list.headers["content-disposition"].to_str().expect("text").contains("attachment"));
        assert!(
            list.body.contains("\"3\",\"留言时间\",\"impossible_date\"") && !list.body.contains("密语"),
            "{}",
            list.body
        );
    }
    // Every one of several files is taken, each for itself, also where one of them cannot be read.
    let other = TABLE.replace("路灯", "围墙");
    let several: &[(&str, &[u8])] =
        &[("甲.csv", TABLE.as_bytes()), ("坏.csv", b"a,b\n1,2\n"), ("乙.csv", other.as_bytes())];
    let batch = with(&secret, &[("do", "import"), ("source", "第3批")]);
    let taken = upload_as(house.desk(), "/import", &cookie, &batch, several).await;
    for words in ["第3批 / 甲.csv — 已导入：新登记 2 件", "第3批 / 乙.csv — 已导入：新登记 2 件", "没有找到反映内容"]
    {
        assert!(taken.body.contains(words), "{words}: {}", taken.body);
    }
    let many: Vec<(&str, &[u8])> = (0..11).map(|_| ("丙.csv", TABLE.as_bytes())).collect();
    let too_many = upload_as(house.desk(), "/import", &cookie, &batch, &many).await;
    assert!(too_many.body.contains("一次最多 10 个文件") && !too_many.body.contains("丙.csv"), "{}", too_many.body);
    let none = upload_as(house.desk(), "/import", &cookie, &with(&secret, &[("do", "import")]), &[]).await;
    assert!(none.body.contains("还没有选表格文件"));
    let no_text: &[(&str, &[u8])] = &[("x.csv", b"a,b\n1,2\n")];
    let refused = upload_as(house.desk(), "/import", &cookie, &with(&secret, &[("do", "check")]), no_text).await;
    assert!(refused.body.contains("没有找到反映内容所在的栏"), "{}", refused.body);

    let handler = house.cookie(Role::Handler).await;
    assert_eq!(get(house.desk(), "/import", &handler).await.status, StatusCode::FORBIDDEN);
    let auditor = house.cookie(Role::Auditor).await;
    let audit = get(house.desk(), "/audit", &auditor).await.body;
    assert!(audit.contains("导入"), "the import is not in the audit");
}

#[tokio::test]
async fn evidence_comes_in_with_its_note_and_its_file() {
    let house = House::new().await;
    let id = report(&house).await;
    let cookie = house.cookie(Role::Clerk).await;
    let form = get(house.desk(), &format!("/reports/{id}/do/add_evidence"), &cookie).await;
    assert!(form.body.contains("multipart/form-data") && form.body.contains("type=\"file\""), "{}", form.status);
    let secret = csrf(&form.body);
    let to = format!("/reports/{id}/evidence");
    let empty = upload_as(house.desk(), &to, &cookie, &secret, &[]).await;
    assert!(empty.body.contains("还没有选文件，也没有写说明"), "{}", empty.status);
    let pdf: &[(&str, &[u8])] = &[("领条.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")];
    let wrong: &[(&str, &[u8])] = &[("x.exe", b"MZ")];
    let note = with(&secret, &[("text", "窗口收到领条一份")]);
    let refused = upload_as(house.desk(), &to, &cookie, &note, wrong).await;
    assert!(refused.body.contains("窗口收到领条一份"), "what was typed is lost");
    let added = upload_as(house.desk(), &to, &cookie, &note, pdf).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let page = get(house.desk(), &format!("/reports/{id}"), &cookie).await.body;
    assert!(page.contains("领条.pdf") && page.contains("窗口收到领条一份"));
    let href = page.split(&format!("href=\"/reports/{id}/files/")).nth(1).expect("a file");
    let file = get(house.desk(), &format!("/reports/{id}/files/{}", &href[..32]), &cookie).await;
    assert!(file.body.starts_with("%PDF"), "it opens again");
}

#[tokio::test]
async fn a_report_with_two_matters_becomes_two_more() {
    let house = House::new().await;
    let id = report(&house).await;
    let cookie = house.cookie(Role::Clerk).await;
    let to = format!("/reports/{id}/split");
    let form = get(house.desk(), &to, &cookie).await;
    assert!(form.body.contains("二是低保没有评议") && form.body.contains("id=\"text2\""));
    let secret = csrf(&form.body);
    let none = post(house.desk(), &to, &cookie, &with(&secret, &[("count", "2")])).await;
    assert_ne!(none.status, StatusCode::SEE_OTHER, "split into nothing");
    let more = with(&secret, &[("count", "2"), ("do", "more"), ("text1", "修路的钱没有公开。")]);
    let more = post(house.desk(), &to, &cookie, &more).await.body;
    assert!(more.contains("id=\"text3\"") && more.contains("修路的钱没有公开。</textarea>"));
    let parts = with(
        &secret,
        &[
            ("count", "3"),
            ("text1", "修路的钱没有公开。"),
            ("name1", "周某某"),
            ("text2", "低保没有评议。"),
            ("title2", "低保"),
        ],
    );
    let done = post(house.desk(), &to, &cookie, &parts).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let register = get(house.desk(), "/register", &cookie).await.body;
    for serial in ["000002", "000003"] {
        assert!(register.contains(serial), "part {serial} is not in the register");
    }
    let again = post(house.desk(), &to, &cookie, &parts).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "looked at an older version");
}
