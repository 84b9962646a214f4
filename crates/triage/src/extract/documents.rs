//! Documents: numbers of official documents and court files, and the titles of papers between title
//! marks. It knows no register of documents.

use std::sync::LazyLock;

use super::context::han;
use super::{Found, Scene};
use crate::entity::EntityKind;
use crate::quick::list;
use crate::stage::Rule;

/// Finds them.
pub(crate) fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    for at in 0..scene.chars.len() {
        match scene.chars[at] {
            '《' => titled(scene, at, found),
            '〔' | '[' | '(' | '【' | '［' | '﹝' => document(scene, at, found),
            _ => {}
        }
    }
}

/// Words that come before the issuing organ's sign in a document number and do not belong to it.
static BEFORE_SIGN: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     文件 通知 文号 按照 根据 依据 发布 印发 出台 下发 发出 作出 决定 公告 关于 见 即 按 以 和 及 \
     与 在 的 了 是 由 为 为准",
    )
});

/// A document number around the bracket at `at`: 湘政办发〔2024〕5号, (2023)湘01民初123号.
fn document(scene: &Scene<'_>, at: usize, found: &mut Vec<Found>) {
    let mut i = at + 1;
    let year = scene.chars[i..].iter().take(5).take_while(|c| c.is_ascii_digit()).count();
    if year != 4 || !matches!(scene.chars[i..i + 2].iter().collect::<String>().as_str(), "19" | "20") {
        return;
    }
    i += 4;
    if scene.char(i) == Some('年') {
        i += 1;
    }
    if !matches!(scene.char(i), Some('〕' | ']' | ')' | '】' | '］' | '﹞')) {
        return;
    }
    i += 1;
    let number_from = |mut j: usize| {
        if scene.char(j) == Some('第') {
            j += 1;
        }
        while scene.char(j) == Some(' ') {
            j += 1;
        }
        let digits = scene.chars[j.min(scene.chars.len())..].iter().take(6).take_while(|c| c.is_ascii_digit()).count();
        (digits > 0 && scene.char(j + digits) == Some('号')).then_some(j + digits + 1)
    };
    if let Some(end) = number_from(i) {
        // Back over the sign of the issuing organ.
        let mut start = at;
        let limit = at.saturating_sub(12);
        while start > limit && scene.previous(start).is_some_and(han) {
            if BEFORE_SIGN.iter().any(|w| scene.before(start, w)) {
                break;
            }
            start -= 1;
        }
        // The sign ends in 发, 函, 字 and the like; anything else is prose.
        let sign = scene.previous(at).is_some_and(|c| "发函办字复令通审规知告文批许裁会电纪建土环征决监".contains(c));
        let confidence = if start < at && sign { 0.95 } else { 0.8 };
        found.push(Found::new(start, end, EntityKind::Document, confidence, Rule::DocumentNumber));
        return;
    }
    // A court's number: the organ and the kind of case stand after the year.
    let mut j = i;
    while j < i + 12 && scene.char(j).is_some_and(|c| han(c) || c.is_ascii_digit()) {
        if scene.char(j) == Some('号') && j > i + 3 && scene.chars[i..j].iter().any(char::is_ascii_digit) {
            found.push(Found::new(at, j + 1, EntityKind::Document, 0.93, Rule::DocumentNumber));
            return;
        }
        j += 1;
    }
}

/// What a paper's title ends in.
static PAPERS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     通知 意见 办法 条例 规定 决定 合同 协议 协议书 报告 证 证书 书 法 方案 细则 批复 函 公告 \
     通告 规则 标准 纪要 制度 章程 表 单 公约 守则 准则 规划 指南 规范 命令 议定书 复函 答复 请示 \
     说明 文件 计划 纲要 目录 解释 号文 清单 预案 公示 公报",
    )
});

/// A title between title marks that names a paper.
fn titled(scene: &Scene<'_>, at: usize, found: &mut Vec<Found>) {
    let Some(length) = scene.chars[at + 1..].iter().take(61).position(|c| matches!(c, '》' | '《' | '\n')) else {
        return;
    };
    let end = at + 1 + length;
    if length < 2 || scene.chars[end] != '》' {
        return;
    }
    // (试行) and the like stand after the word.
    let mut word_end = end;
    if scene.chars[end - 1] == ')'
        && let Some(open) = scene.chars[at..end].iter().rposition(|c| *c == '(')
    {
        word_end = at + open;
    }
    if PAPERS.iter().any(|p| scene.before(word_end, p)) {
        found.push(Found::new(at, end + 1, EntityKind::Document, 0.8, Rule::DocumentTitle));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::of;
    use super::*;

    #[test]
    fn document_numbers() {
        for (text, span) in [
            ("根据湘政办发〔2024〕5号文件", "湘政办发〔2024〕5号"),
            ("国发[2013]3号", "国发[2013]3号"),
            ("按照云住建发（2019）第12号执行", "云住建发（2019）第12号"),
            ("判决书(2023)云01民初123号", "(2023)云01民初123号"),
            ("依据《云川省信访工作办法(试行)》", "《云川省信访工作办法(试行)》"),
        ] {
            assert_eq!(of(text, EntityKind::Document), [span], "{text}");
        }
        assert!(of("看了《红楼梦》", EntityKind::Document).is_empty());
        assert!(of("(2023)年底", EntityKind::Document).is_empty());
    }
}
