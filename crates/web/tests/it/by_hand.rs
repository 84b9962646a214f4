//! Registering by hand on the desk: what is missing is said in words and nothing typed is lost; a
//! draft is kept for one person and gone once it is registered.

use axum::http::StatusCode;
use domain::words::Role;

use crate::house::{House, get, hidden, post, upload_as, upload_fields};

type Pairs = Vec<(String, String)>;

fn with(hidden: &Pairs, given: &[(&str, &str)]) -> Pairs {
    let steering = hidden.iter().filter(|(n, _)| ["csrf", "token", "draft", "form"].contains(&n.as_str()));
    let given = given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    steering.cloned().chain(given).collect()
}

const LETTER: &[(&str, &str)] = &[
    ("letter_number", "2026-1183"),
    ("receipt_way", "box"),
    ("box_number", "三号箱"),
    ("postmark_place", "河清市"),
    ("pages", "3"),
    ("items", "none"),
    ("kept_at", "3-12-05"),
    ("received_on", "2026-01-05"),
    ("source", "own"),
    ("urgency", "normal"),
    ("secrecy", "none"),
    ("division", "unknown"),
    ("sector", "rural_works"),
    ("title", "关于反映水渠工程的问题"),
    ("text", "2025年春修水渠没有招标，村民多次询问没有答复。"),
    ("subject_type1", "person"),
    ("name1", "周某某"),
    ("alias1", "老周"),
    ("rank1", "unknown"),
    ("about1", "1"),
    ("problem1", "unknown"),
    ("summary1", "水渠工程未招标"),
    ("signing", "anonymous"),
    ("opinion", "keep"),
];

#[tokio::test]
async fn a_letter_is_registered_with_its_columns_and_shows_them_to_the_entitled() {
    let house = House::new().await;
    let cookie = house.cookie(Role::Clerk).await;
    let page = get(house.desk(), "/new?form=letter&received_on=2026-01-05", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("value=\"2026-01-05\""), "the day of the last one is kept");
    assert!(!page.body.contains('⟦'), "a word is missing");
    let steering = hidden(&page.body);

    let typed = with(&steering, &[("text", "只写了<b>这些"), ("alias2", "二号"), ("count.subjects", "2")]);
    let short = upload_as(house.desk(), "/new", &cookie, &typed, &[]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["收信流水号还没有填。", "只写了&#60;b&#62;这些", "value=\"二号\""] {
        assert!(short.body.contains(words), "{words} is not on the page");
    }

    let secret: Pairs = with(&steering, LETTER).into_iter().filter(|(n, _)| n != "secrecy").collect();
    let secret = [secret, vec![("secrecy".to_owned(), "secret".to_owned())]].concat();
    let refused = upload_as(house.desk(), "/new", &cookie, &secret, &[]).await;
    assert!(refused.body.contains("涉密件请线下登记"), "{}", refused.status);

    let about_her: Pairs = with(&steering, LETTER).into_iter().filter(|(n, _)| n != "name1").collect();
    let hers = [("name1", "试clerk"), ("opened_by", "r-clerk")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    let refused = upload_as(house.desk(), "/new", &cookie, &[about_her, hers.to_vec()].concat(), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("拆封人须回避本件"), "{}", refused.body);

    let done = upload_as(house.desk(), "/new", &cookie, &with(&steering, LETTER), &[]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert!(done.body.contains("dw-code") && done.body.contains("/new?form=letter&#38;received_on=2026-01-05"));
    let href = done.body.split("href=\"/reports/").nth(1).expect("a link").split('"').next().expect("its end");
    let report = get(house.desk(), &format!("/reports/{href}"), &cookie).await;
    for words in ["2026-1183", "举报箱", "三号箱", "河清市", "老周", "3-12-05", "水渠工程未招标"] {
        assert!(report.body.contains(words), "{words} is not on the report's page");
    }
}

#[tokio::test]
async fn a_draft_is_kept_for_one_person_loses_nothing_and_goes_once_registered() {
    let house = House::new().await;
    let cookie = house.cookie(Role::Clerk).await;
    let steering = hidden(&get(house.desk(), "/new?form=visit", &cookie).await.body);
    let typed = with(
        &steering,
        &[
            ("title", "半份草稿"),
            ("scene", "calm"),
            ("affiliation1", "party"),
            ("affiliation1", "delegate"),
            ("name3", "三号人"),
        ],
    );
    let kept = post(house.desk(), "/new/draft", &cookie, &typed).await;
    assert_eq!(kept.status, StatusCode::OK);
    assert!(kept.body.contains("草稿已保存") && kept.body.contains("登记前还有"), "says what is still missing");
    let list = get(house.desk(), "/drafts", &cookie).await;
    let id = list.body.split("href=\"/drafts/").nth(1).expect("a draft").split('"').next().expect("its end").to_owned();
    assert!(list.body.contains("半份草稿") && list.body.contains("来访"));

    let other = house.cookie(Role::Head).await;
    assert_eq!(get(house.desk(), &format!("/drafts/{id}"), &other).await.status, StatusCode::NOT_FOUND);
    assert!(!get(house.desk(), "/drafts", &other).await.body.contains("半份草稿"));

    let again = get(house.desk(), &format!("/drafts/{id}"), &cookie).await.body;
    for words in ["半份草稿", "value=\"三号人\"", "value=\"calm\" data-py=\"zc\" selected"] {
        assert!(again.contains(words), "{words} was lost");
    }
    for code in ["party", "delegate"] {
        assert!(again.contains(&format!("name=\"affiliation1\" value=\"{code}\" checked")), "{code} was lost");
    }
    assert_eq!(hidden(&again).iter().find(|(n, _)| n == "token"), steering.iter().find(|(n, _)| n == "token"));

    // One more block without scripts, nothing lost.
    let more = [typed.clone(), vec![("more".to_owned(), "allegations".to_owned())]].concat();
    let more = post(house.desk(), "/new/more", &cookie, &more).await.body;
    assert!(more.contains("id=\"summary2\"") && more.contains("value=\"三号人\""));

    // Registered from the draft's page: the draft is gone.
    let steering = hidden(&get(house.desk(), "/new?form=letter", &cookie).await.body);
    assert_eq!(post(house.desk(), "/new/draft", &cookie, &with(&steering, LETTER)).await.status, StatusCode::OK);
    let done = upload_as(house.desk(), "/new", &cookie, &with(&steering, LETTER), &[]).await;
    assert!(done.body.contains("dw-code"), "{}", done.status);
    let left = get(house.desk(), "/drafts", &cookie).await.body;
    assert!(!left.contains("水渠") && left.contains("半份草稿"));
    let deleted = post(house.desk(), &format!("/drafts/{id}/delete"), &cookie, &with(&steering, &[])).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER);
    assert!(get(house.desk(), "/drafts", &cookie).await.body.contains("没有草稿"));
}

#[tokio::test]
async fn tags_are_drafted_put_right_and_shown_and_scans_say_which_page_they_are() {
    let house = House::new().await;
    let cookie = house.cookie(Role::Clerk).await;
    let form = get(house.desk(), "/new?form=letter", &cookie).await.body;
    assert!(form.contains("id=\"tag_person\"") && form.contains("农业农村 / 农田水利"));
    let steering = hidden(&form);
    let written = "来信反映：孔立山在柳河镇农技站虚报化肥补贴四万八千元，手机13800000000。";
    let typed = with(&steering, &[("text", written), ("tag_place", "柳河镇东湾村")]);
    let drafted = post(house.desk(), "/new/tags", &cookie, &typed).await;
    assert_eq!(drafted.status, StatusCode::OK);
    let value = |name: &str| {
        let at = drafted.body.find(&format!("name=\"{name}\" value=\"")).expect("the field");
        drafted.body[at..].split('"').nth(3).expect("a value").to_owned()
    };
    assert_eq!(value("tag_place"), "柳河镇东湾村", "what somebody wrote stays");
    assert!(value("tag_object").contains("四万八千元"), "{}", value("tag_object"));
    assert!(!["tag_person", "tag_object", "tag_organ"].iter().any(|t| value(t).contains("138")), "no telephone");

    let tags = [("tag_person", "孔立山、孔立山，甲"), ("tag_organ", "柳河镇农技站")];
    let letter: Vec<(&str, &str)> = [LETTER, &tags].concat();
    let page: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
    let scans: &[(&str, &str, &[u8])] =
        &[("envelope", "a.pdf", page), ("sheets", "b.pdf", page), ("sheets", "c.pdf", page)];
    let done = upload_fields(house.desk(), "/new", &cookie, &with(&steering, &letter), scans).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let href = done.body.split("href=\"/reports/").nth(1).expect("a link").split('"').next().expect("its end");
    let report = get(house.desk(), &format!("/reports/{href}"), &cookie).await.body;
    for words in ["孔立山、甲", "柳河镇农技站", "农业农村 / 农田水利", "信封01 a.pdf", "信纸01 b.pdf", "信纸02 c.pdf"]
    {
        assert!(report.contains(words), "{words} is not on the report's page");
    }
}
