//! One line of `dengwen triage`: a JSON object in, a JSON object out. Reading files and exit
//! codes are the program's; this knows one line at a time.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::judge::{Input, Judge};

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOutcome {
    /// The judgement, one line of JSON without its line feed.
    Judged(String),
    /// The line could not be judged: `{"id":null,"line":n,"error"}`. The program goes on and
    /// exits with 2 at the end.
    Bad(String),
}

impl LineOutcome {
    /// The JSON line, either way.
    pub fn json(&self) -> &str {
        match self {
            Self::Judged(line) | Self::Bad(line) => line,
        }
    }

    /// True for [`LineOutcome::Bad`].
    pub fn is_bad(&self) -> bool {
        matches!(self, Self::Bad(_))
    }
}

/// The line as it comes in. Unknown fields are passed over, so that an export can be piped in.
#[derive(Deserialize)]
struct Row {
    id: Json,
    #[serde(default)]
    title: Option<String>,
    text: String,
}

/// Judges one line of JSON. `number` counts from 1 and stands in the error.
///
/// Blank lines are bad lines like any other: there is one line out for each line in.
pub fn line(judge: &Judge, json: &str, number: u64) -> LineOutcome {
    let bad = |error: &str| LineOutcome::Bad(json!({ "id": null, "line": number, "error": error }).to_string());
    let json = json.trim_start_matches('\u{feff}');
    if json.trim().is_empty() {
        return bad(
            "空行：每行应为一个含 id 和 text 的 JSON 对象，请删去空行 / empty line: give one JSON object with id and text",
        );
    }
    // The parser's own message may quote the text of a report, so it is told apart by kind only.
    let row: Row = match serde_json::from_str(json) {
        Ok(row) => row,
        Err(error) if error.is_data() => {
            return bad(
                "缺少字段或类型不对：请给出 id(字符串或数字)和 text(字符串) / a field is missing or of the wrong type: give id (string or number) and text (string)",
            );
        }
        Err(_) => {
            return bad(
                "不是完整的 JSON:请检查引号、逗号和编码(UTF-8) / not valid JSON: check quotes, commas and encoding (UTF-8)",
            );
        }
    };
    if !(row.id.is_string() || row.id.is_number()) {
        return bad("id 应为字符串或数字 / id must be a string or a number");
    }
    let judgement = judge.judge(&Input { title: row.title.as_deref(), text: &row.text, ..Input::default() });
    let alternatives: Vec<Json> = judgement
        .category
        .alternatives
        .iter()
        .map(|a| json!({ "label": a.label, "confidence": rounded(a.confidence) }))
        .collect();
    let entities: Vec<Json> = judgement
        .entities
        .iter()
        .map(|e| json!({ "start": e.start, "end": e.end, "type": e.kind.as_str(), "text": e.text }))
        .collect();
    let places: Vec<Json> = judgement.places.iter().map(|p| json!({ "code": p.code, "name": p.name })).collect();
    let grounds: Vec<Json> = judgement
        .grounds
        .iter()
        .map(|g| {
            json!({
                "what": g.what, "rule": g.rule, "start": g.span.map(|s| s.start), "end": g.span.map(|s| s.end),
                "quote": g.quote, "because": g.rule.because(),
            })
        })
        .collect();
    let out = json!({
        "id": row.id,
        "category": {
            "label": judgement.category.label,
            "confidence": rounded(judgement.category.confidence),
            "alternatives": alternatives,
        },
        "entities": entities,
        "places": places,
        "grounds": grounds,
    });
    LineOutcome::Judged(out.to_string())
}

/// Four decimals: more would pretend to know more.
fn rounded(p: f32) -> f64 {
    (f64::from(p) * 10_000.0).round() / 10_000.0
}
