//! What is still wrong with the answers, field by field in the order of the page.

use jiff::civil::{Date, DateTime};

use super::complete::subjects;
use super::{Answers, Fault, blocks, holds, is_asked, is_blank, is_needed, key_of};
use crate::checks;
use crate::content::Subject;
use crate::rules::{Field, FieldKind, FormRules, Need, Section, ValueList};

/// Longest line of a list, in characters.
const LINE: usize = 100;

/// What answers are checked against.
pub struct CheckAgainst<'a> {
    /// The civil day.
    pub today: Date,
    /// The codes of a list.
    pub codes: &'a dyn Fn(ValueList) -> Vec<String>,
    /// The codes of those of the staff whom these subjects name, or whose near relations they name.
    pub about: &'a dyn Fn(&[Subject]) -> Vec<String>,
}

/// Everything to put right before the form can be submitted; nothing where it is in order.
pub fn check(form: &FormRules, answers: &Answers, against: &CheckAgainst<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for section in &form.sections {
        let count = blocks(section, answers);
        for n in 1..=count {
            // What stands between two filled blocks may stay empty; the first one may not.
            if n > 1 && is_blank(section, n, answers) {
                continue;
            }
            for field in &section.field {
                let key = key_of(section, field, n);
                let found = of_field(form, section, field, n, answers, against);
                if let Some((zh, en)) = found {
                    let (zh, en) = if count > 1 {
                        (format!("第{n}个{}：{zh}", section.zh), format!("{} {n}: {en}", section.en))
                    } else {
                        (zh, en)
                    };
                    faults.push(Fault { key, zh, en });
                }
            }
        }
    }
    faults.extend(across(form, answers));
    faults.extend(recused(form, answers, against));
    faults
}

/// Whoever receives, opens or signs for a report must not be one of those it is about (规则 Art 48):
/// asked before anything is registered, of every field in which a member of staff is chosen.
fn recused(form: &FormRules, answers: &Answers, against: &CheckAgainst<'_>) -> Vec<Fault> {
    let about = (against.about)(&subjects(form, answers).0);
    if about.is_empty() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for section in &form.sections {
        for n in 1..=blocks(section, answers) {
            for field in section.field.iter().filter(|field| field.list == Some(ValueList::Staff)) {
                let key = key_of(section, field, n);
                if is_asked(form, section, field, n, answers) && answers.all(&key).iter().any(|who| about.contains(who))
                {
                    faults.push(Fault {
                        key,
                        zh: format!("{}须回避本件：来件反映的是其本人或者近亲属。请由另一位同志接手，改选接手的人。", field.zh),
                        en: format!(
                            "{} must not see this report: it is about that person or a near relation. Let another colleague take over, and choose that colleague.",
                            field.en
                        ),
                    });
                }
            }
        }
    }
    faults
}

/// What is wrong with one field, in both languages.
fn of_field(
    form: &FormRules,
    section: &Section,
    field: &Field,
    n: u8,
    answers: &Answers,
    against: &CheckAgainst<'_>,
) -> Option<(String, String)> {
    if !is_asked(form, section, field, n, answers) {
        return None;
    }
    let values = answers.all(&key_of(section, field, n));
    if values.is_empty() {
        let lacking = field.need != Need::Optional && is_needed(form, section, field, n, answers);
        return lacking.then(|| {
            (
                format!("{}还没有填。{}", field.zh, field.help_zh),
                format!("{} is still empty. {}", field.en, field.help_en),
            )
        });
    }
    if let Some(refused) = field.refuse.as_ref().filter(|r| values.contains(&r.code)) {
        return Some((refused.zh.clone(), refused.en.clone()));
    }
    if field.identity_number.as_ref().is_some_and(|c| holds(form, section, n, c, answers))
        && !checks::identity_number(&values[0])
    {
        return Some((
            format!("{}不是有效的居民身份证号（18位，校验位不符），请对照证件核对；不出示的清空。", field.zh),
            format!(
                "{}: not a valid identity card number (18 characters, the check fails); compare it with the card, or clear it.",
                field.en
            ),
        ));
    }
    values.iter().find_map(|value| of_value(field, value.trim(), against))
}

fn of_value(field: &Field, value: &str, against: &CheckAgainst<'_>) -> Option<(String, String)> {
    use FieldKind as K;
    let say = |zh: String, en: String| Some((format!("{}{zh}", field.zh), format!("{} {en}", field.en)));
    let max = field.max.unwrap_or(u32::MAX);
    let ahead = |day: Date| field.past && day > against.today;
    let later = || say("不能晚于今天，请核对。".into(), "cannot lie ahead; check it.".into());
    match field.kind {
        K::Text | K::Long => {
            let count = value.chars().count();
            if count > max as usize {
                return say(
                    format!("最多{max}字，现在{count}字，请删减。"),
                    format!("may have {max} characters, it has {count}; shorten it."),
                );
            }
            None
        }
        K::List => {
            let lines: Vec<&str> = value.lines().filter(|line| !line.trim().is_empty()).collect();
            if lines.len() > max as usize || lines.iter().any(|line| line.chars().count() > LINE) {
                return say(
                    format!("最多{max}行，每行最多{LINE}字，请合并或删减。"),
                    format!("may have {max} lines of {LINE} characters; merge or shorten them."),
                );
            }
            None
        }
        K::Number => match value.parse::<u32>() {
            Ok(number) if number <= max => None,
            _ => say(format!("请填整数，不超过{max}。"), format!("takes a whole number up to {max}.")),
        },
        K::Date => match value.parse::<Date>() {
            Ok(day) if ahead(day) => later(),
            Ok(_) => None,
            Err(_) => say("请填日期，例如2026-03-18。".into(), "takes a day, such as 2026-03-18.".into()),
        },
        K::Time => match value.parse::<DateTime>() {
            Ok(time) if ahead(time.date()) => later(),
            Ok(_) => None,
            Err(_) => say(
                "请填日期和时间，例如2026-03-18 09:30。".into(),
                "takes day and time, such as 2026-03-18 09:30.".into(),
            ),
        },
        K::Period => {
            if is_period(value) {
                return None;
            }
            say("请写成2024、2024-03或2024-03-18。".into(), "is written 2024, 2024-03 or 2024-03-18.".into())
        }
        K::Choice | K::Multi => {
            let own = field.values.iter().any(|v| v.code == value);
            let listed = field.list.is_some_and(|list| (against.codes)(list).iter().any(|code| code == value));
            if own || listed {
                return None;
            }
            say("请从列表中选一项。".into(), "must be chosen from the list.".into())
        }
        K::Tick => None,
    }
}

/// A year, a month or a day.
fn is_period(value: &str) -> bool {
    let whole = match value.len() {
        4 => format!("{value}-01-01"),
        7 => format!("{value}-01"),
        _ => value.to_owned(),
    };
    whole.len() == 10 && whole.parse::<Date>().is_ok()
}

/// What only shows between fields.
fn across(form: &FormRules, answers: &Answers) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |key: &str, zh: &str, en: &str| {
        faults.push(Fault { key: key.to_owned(), zh: zh.to_owned(), en: en.to_owned() });
    };
    if answers.first("signing") == "anonymous" && identity_given(form, answers) {
        wrong(
            "signing",
            "署名方式选了“匿名”，反映人一栏却有内容。请清空反映人信息，或者改选实名。",
            "It is anonymous, yet something stands under the reporter. Clear it, or choose a named report.",
        );
    }
    if !answers.first("superior_due").is_empty() && answers.first("source") != "superior_assign" {
        wrong(
            "superior_due",
            "要求办结日期只用于上级交办件。请清空日期，或者来源改选“上级交办”。",
            "Only an assigned item has a date for the result. Clear it, or change the source to “assigned”.",
        );
    }
    for (one, two, zh, en) in [
        (
            "receiver_one",
            "receiver_two",
            "两位接待人不能是同一个人，请选另一位。",
            "The two receivers must be two people; choose another.",
        ),
        (
            "items_signed_one",
            "items_signed_two",
            "夹带物登记要两个人签字，请选另一位。",
            "What was found is signed for by two people; choose another.",
        ),
    ] {
        if !answers.first(one).is_empty() && answers.first(one) == answers.first(two) {
            wrong(two, zh, en);
        }
    }
    for (from, until, zh, en) in [
        ("began_at", "ended_at", "结束时间早于开始时间，请核对。", "It ended before it began; check the times."),
        ("called_at", "ended_at", "结束时间早于来电时间，请核对。", "It ended before the call came; check the times."),
    ] {
        let time = |name| answers.first(name).parse::<DateTime>().ok();
        if time(from).zip(time(until)).is_some_and(|(from, until)| until < from) {
            wrong(until, zh, en);
        }
    }
    if answers.first("visit_type") == "group" && answers.first("visitors").parse::<u32>().is_ok_and(|n| n < 5) {
        wrong(
            "visitors",
            "集体访是五人以上；不足五人的，来访类型请选“个访”，或者核对人数。",
            "A group visit is one of five and more; choose another kind of visit, or check the number.",
        );
    }
    if answers.first("items") == "none" && answers.all("items").len() > 1 {
        wrong("items", "夹带物勾了“无”，又勾了别的，请核对。", "None is ticked beside items; check them.");
    }
    faults
}

fn identity_given(form: &FormRules, answers: &Answers) -> bool {
    let fields = form.sections.iter().flat_map(|s| &s.field);
    // That a document was not shown says nothing about anybody.
    fields
        .filter(|f| f.sealed == crate::rules::Seal::Identity)
        .any(|f| !matches!(answers.first(&f.name), "" | "not_shown" | "unknown"))
}
