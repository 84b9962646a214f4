//! The body of a request to file: read strictly, bounded, and refused with the name of the field
//! that is wrong. What a field holds is never repeated: serde's own messages may quote it.

use axum::http::StatusCode;
use domain::content::{Identity, Subject};
use domain::words::{Channel, Edition, Lang, Rank, Source};
use serde::Deserialize;
use serde_json::error::Category;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use super::Problem;
use crate::words::Word;

/// Longest body on the wire. The longest text is 60 KiB; a program that escapes every Chinese
/// character as `\uXXXX` sends it twice as long.
pub(super) const WIRE_LIMIT: usize = 136 * 1024;
/// All words of a request together, in bytes of UTF-8.
const WORDS_LIMIT: usize = 64 * 1024;
/// Most subjects of one report.
const SUBJECTS_LIMIT: usize = 20;
/// Longest name, unit, post or way to reach somebody, in characters.
const FIELD_LIMIT: usize = 200;

/// A report to be filed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(title = "NewReport")]
pub(super) struct NewReportBody {
    /// 渠道: how the report came.
    #[schema(schema_with = channels)]
    channel: String,
    /// 来源; `own` unless given.
    #[serde(default)]
    #[schema(schema_with = sources)]
    source: Option<String>,
    /// Title, at most 60 characters.
    #[serde(default)]
    title: Option<String>,
    /// What is reported, in the reporter's words; at most 60 KiB.
    text: String,
    /// Who reports, if she signs; left out for an anonymous report.
    #[serde(default)]
    named: Option<NamedBody>,
    /// Who is reported.
    #[serde(default)]
    subjects: Vec<SubjectBody>,
    /// Division code (GB/T 2260) of where it happened.
    #[serde(default)]
    division: Option<String>,
}

/// Who reports.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(title = "Named")]
pub(super) struct NamedBody {
    /// Name of the person or unit.
    name: String,
    /// One way to reach her.
    contact: String,
}

/// 被反映人 or 被反映单位; every field may be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(title = "Subject")]
pub(super) struct SubjectBody {
    /// 姓名
    #[serde(default)]
    name: Option<String>,
    /// 单位
    #[serde(default)]
    unit: Option<String>,
    /// 职务
    #[serde(default)]
    post: Option<String>,
    /// 职级
    #[serde(default)]
    #[schema(schema_with = ranks)]
    rank: Option<String>,
}

fn one_of(words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

fn channels() -> RefOr<Schema> {
    one_of(Channel::ALL.iter().map(|w| w.as_str()))
}

fn sources() -> RefOr<Schema> {
    one_of(Source::ALL.iter().map(|w| w.as_str()))
}

fn ranks() -> RefOr<Schema> {
    one_of(Rank::ALL.iter().map(|w| w.as_str()))
}

/// A body that was read and is what it should be.
#[derive(Debug)]
pub(super) struct Filing {
    pub channel: Channel,
    pub source: Source,
    pub title: String,
    pub text: String,
    pub named: Option<Identity>,
    pub subjects: Vec<Subject>,
    pub division: Option<String>,
}

/// Reads a body.
///
/// # Errors
/// A problem that names the place or the field.
pub(super) fn read(bytes: &[u8], lang: Lang) -> Result<Filing, Problem> {
    let body: NewReportBody = serde_json::from_slice(bytes).map_err(|error| malformed(&error, lang))?;
    check_lengths(&body, lang)?;
    let source = match &body.source {
        Some(word) => known("source", word, Source::ALL, lang)?,
        None => Source::Own,
    };
    let subjects = body
        .subjects
        .into_iter()
        .map(|s| {
            let rank = given(s.rank).map(|word| known("subjects.rank", &word, Rank::ALL, lang)).transpose()?;
            Ok(Subject { name: given(s.name), unit: given(s.unit), post: given(s.post), rank })
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    Ok(Filing {
        channel: known("channel", &body.channel, Channel::ALL, lang)?,
        source,
        title: body.title.unwrap_or_default(),
        text: body.text,
        named: body.named.map(|n| Identity { name: n.name, contact: n.contact, ..Identity::default() }),
        subjects: subjects.into_iter().filter(|s| *s != Subject::default()).collect(),
        division: given(body.division),
    })
}

/// An empty field is one that was not given.
fn given(field: Option<String>) -> Option<String> {
    field.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A word of the vocabulary in its stored spelling, or as people here write it.
fn known<W: Word + std::fmt::Display>(field: &str, text: &str, all: &[W], lang: Lang) -> Result<W, Problem> {
    let found = all
        .iter()
        .copied()
        .find(|word| word.to_string() == text || crate::locale::text(Lang::Zh, Edition::Jw, &word.key(), &[]) == text);
    found.ok_or_else(|| {
        let words = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        wrong(
            lang,
            "value",
            format!("字段 {field} 的值不在可选范围内，请改为其中之一：{words}。"),
            format!("The value of {field} is not one of: {words}."),
        )
    })
}

fn check_lengths(body: &NewReportBody, lang: Lang) -> Result<(), Problem> {
    let mut short: Vec<(&str, &str)> = Vec::new();
    if let Some(named) = &body.named {
        short.extend([("named.name", named.name.as_str()), ("named.contact", &named.contact)]);
    }
    for subject in &body.subjects {
        let fields = [("name", &subject.name), ("unit", &subject.unit), ("post", &subject.post)];
        short.extend(fields.into_iter().filter_map(|(field, text)| Some((field, text.as_deref()?))));
    }
    if let Some((field, _)) = short.iter().find(|(_, text)| text.chars().count() > FIELD_LIMIT) {
        return Err(wrong(
            lang,
            "field-too-long",
            format!("字段 {field} 太长（最多{FIELD_LIMIT}字），请删减，详细情况写在 text 里。"),
            format!("{field} is too long ({FIELD_LIMIT} characters at most); put the details into text."),
        ));
    }
    if body.subjects.len() > SUBJECTS_LIMIT {
        return Err(wrong(
            lang,
            "too-many-subjects",
            format!("被反映人最多{SUBJECTS_LIMIT}个，其余请写在 text 里。"),
            format!("{SUBJECTS_LIMIT} subjects at most; put the others into text."),
        ));
    }
    let rest = [&body.title, &body.division].into_iter().flatten().map(String::len).sum::<usize>();
    let words = body.text.len() + rest + short.iter().map(|(_, text)| text.len()).sum::<usize>();
    if words > WORDS_LIMIT {
        return Err(too_large(lang));
    }
    Ok(())
}

/// The body is longer than anything that could be filed.
pub(super) fn too_large(lang: Lang) -> Problem {
    let (zh, en) = (
        "内容太大：正文最多 60 KiB（约两万字）。请删减，详细材料可由反映人凭查询码在网页上补充。",
        "The body is too large: a text may have 60 KiB. Shorten it; the reporter can add files with her code.",
    );
    Problem::new(lang, StatusCode::PAYLOAD_TOO_LARGE, "too-large", super::said(lang, zh, en))
}

fn wrong(lang: Lang, slug: &str, zh: String, en: String) -> Problem {
    let detail = match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    Problem::new(lang, StatusCode::UNPROCESSABLE_ENTITY, slug, detail)
}

/// Why a body could not be read, without a word of it.
fn malformed(error: &serde_json::Error, lang: Lang) -> Problem {
    let (line, column) = (error.line(), error.column());
    if error.classify() != Category::Data {
        let (zh, en) = (
            format!("不是完整有效的 JSON（第{line}行第{column}列），请检查引号、逗号、嵌套层数和编码（UTF-8）。"),
            format!("Not valid JSON (line {line}, column {column}); check quotes, commas, depth and encoding (UTF-8)."),
        );
        let detail = if lang == Lang::Zh { zh } else { en };
        return Problem::new(lang, StatusCode::BAD_REQUEST, "json", detail);
    }
    let message = error.to_string();
    let named = |what: &str| message.strip_prefix(what).and_then(|rest| rest.split('`').next()).map(plain);
    if let Some(field) = named("unknown field `") {
        return wrong(
            lang,
            "unknown-field",
            format!("没有“{field}”这个字段（第{line}行第{column}列），请去掉它或按接口说明改名。"),
            format!(
                "There is no field {field} here (line {line}, column {column}); remove it or see the specification."
            ),
        );
    }
    if let Some(field) = named("missing field `") {
        return wrong(
            lang,
            "missing-field",
            format!("缺少字段 {field}，请补上后用新的幂等键提交。"),
            format!("The field {field} is missing; add it."),
        );
    }
    if let Some(field) = named("duplicate field `") {
        return wrong(
            lang,
            "duplicate-field",
            format!("字段 {field} 出现了两次，请只保留一个。"),
            format!("The field {field} is there twice; keep one."),
        );
    }
    wrong(
        lang,
        "wrong-type",
        format!("第{line}行第{column}列的值类型不对，请对照接口说明 /api/v1/openapi.json 改正。"),
        format!("The value at line {line}, column {column} has the wrong type; see /api/v1/openapi.json."),
    )
}

/// A field's name as it may be repeated: short, and of letters that name fields.
fn plain(name: &str) -> String {
    let fits =
        name.len() <= 40 && !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    if fits { name.to_owned() } else { "?".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &str) -> (u16, String) {
        let problem = read(body.as_bytes(), Lang::En).expect_err(body);
        let json = serde_json::to_value(&problem).expect("a problem is JSON");
        (problem.status, format!("{} {}", json["type"].as_str().unwrap_or_default(), json["detail"]))
    }

    #[test]
    fn the_whole_of_the_contract_is_read() {
        let body = r#"{"channel":"letter","source":"superior_transfer","title":"t","text":"x",
            "named":{"name":"n","contact":"c"},
            "subjects":[{"name":"a"},{"unit":"u","post":"p","rank":"section"},{},{"rank":"乡科级"}],"division":"990100"}"#;
        let filing = read(body.as_bytes(), Lang::Zh).expect("the contract's own example");
        assert_eq!(filing.channel, Channel::Letter);
        assert_eq!(filing.source, Source::SuperiorTransfer);
        assert_eq!(filing.subjects.len(), 3, "a subject with nothing in it is none");
        assert_eq!(filing.subjects[1].rank, Some(Rank::Section));
        let least = read(br#"{"channel":"web","text":"x"}"#, Lang::Zh).expect("channel and text are enough");
        assert_eq!(least.source, Source::Own);
        assert!(least.named.is_none());
    }

    #[test]
    fn what_is_wrong_is_named_and_never_repeated() {
        let secret = "不可外传的内容";
        let cases = [
            (format!(r#"{{"channel":"web","text":"{secret}","state":"closed"}}"#), 422, "state"),
            (
                format!(r#"{{"channel":"web","text":"{secret}","named":{{"name":"a","contact":"b","id":"1"}}}}"#),
                422,
                "id",
            ),
            (format!(r#"{{"channel":"web","text":"x","{secret}":1}}"#), 422, "unknown-field"),
            (format!(r#"{{"channel":"{secret}","text":"x"}}"#), 422, "channel"),
            (format!(r#"{{"channel":"web","text":"x","source":"{secret}"}}"#), 422, "source"),
            (format!(r#"{{"channel":"web","text":"x","subjects":"{secret}"}}"#), 422, "wrong-type"),
            (format!(r#"{{"text":"{secret}"}}"#), 422, "channel"),
            (format!(r#"{{"channel":"web","text":"{secret}","text":"y"}}"#), 422, "text"),
            (format!(r#"{{"channel":"web","text":"{secret}"#), 400, "json"),
            (r#"{"channel":"web","text":"\ud800"}"#.to_owned(), 400, "json"),
            (r#"[1,2]"#.to_owned(), 422, "wrong-type"),
            ("null".to_owned(), 422, "wrong-type"),
            (format!(r#"{{"channel":"web","text":{}"#, "[".repeat(60_000)), 422, "wrong-type"),
            (format!(r#"{{"channel":"web","text":"x","subjects":[{}]}}"#, vec!["{}"; 21].join(",")), 422, "subjects"),
            (
                format!(r#"{{"channel":"web","text":"x","named":{{"name":"{}","contact":"c"}}}}"#, secret.repeat(40)),
                422,
                "named.name",
            ),
            (format!(r#"{{"channel":"web","title":"{}","text":"x"}}"#, "a".repeat(70_000)), 413, "too-large"),
        ];
        for (body, status, names) in cases {
            let (found, says) = refused(&body);
            assert_eq!(found, status, "{says}");
            assert!(says.contains(names), "{says} does not name {names}");
            assert!(!says.contains(secret), "{says}");
        }
        let mut bytes = br#"{"channel":"web","text":""#.to_vec();
        bytes.extend([0xff, 0xfe, b'"', b'}']);
        assert_eq!(read(&bytes, Lang::Zh).expect_err("not UTF-8").status, 400);
    }

    #[test]
    fn depth_does_not_reach_the_stack() {
        let deep = format!(r#"{{"channel":"web","text":"x","extra":{}"#, r#"{"a":"#.repeat(100_000));
        assert_eq!(refused(&deep).0, 422);
        let deep = "[".repeat(1_000_000);
        assert!([400, 422].contains(&refused(&deep).0));
    }
}
