//! Sums of money with their value in fen. A bare `20万` counts only beside a word about money.

use std::sync::LazyLock;

use super::quantity::{Quantity, begins, quantity};
use super::{Found, Scene};
use crate::entity::{EntityKind, Value};
use crate::quick::list;
use crate::stage::Rule;

/// Units of the yuan, longer ones first, in fen.
const UNITS: &[(&str, f64)] =
    &[("块钱", 100.0), ("圆整", 100.0), ("元", 100.0), ("圆", 100.0), ("毛钱", 10.0), ("角钱", 10.0), ("分钱", 1.0)];

/// Foreign units: a sum without a value in yuan.
const FOREIGN: &[&str] =
    &["美元", "美金", "港元", "港币", "欧元", "英镑", "日元", "韩元", "澳元", "加元", "新台币", "卢布", "泰铢"];

/// Words about money that make a bare `20万` a sum.
static CUES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     贿 款 钱 费 价 金额 收受 受贿 付 交 借 赔 补偿 补贴 工资 薪 资金 人民币 现金 红包 利息 本金 \
     贷 投资 花 罚 拨 送 奖 存 转账 汇 骗 贪 挪用 套取 侵占 造价 标的 好处 损失 押金 订金 定金 \
     首付 欠 索要 捐 成本 营业额 收入 支出",
    )
});

/// What comes after a number that counts something else.
const COUNTED: &[char] = &[
    '人', '户', '平', '吨', '亩', '株', '字', '名', '个', '台', '辆', '套', '只', '头', '方', '立', '公', '千', '米',
    '里', '次', '条', '件', '家', '棵', '册', '份', '张', '年', '位', '多', '余', '岁', '斤', '瓦', '伏', '度', '步',
    '页', '票', '学', '居', '村', '群', '业', '职', '农', '市', '百', '十', '倍', '%', '以',
];

fn spaces(scene: &Scene<'_>, mut at: usize) -> usize {
    while scene.char(at) == Some(' ') {
        at += 1;
    }
    at
}

/// Finds sums.
pub(crate) fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let chars = scene.chars;
    let mut at = 0;
    while at < chars.len() {
        let sign = matches!(chars[at], '¥' | '￥');
        let from = if sign { spaces(scene, at + 1) } else { at };
        let starts = scene.char(from).is_some_and(begins)
            && !scene.previous(at).is_some_and(|c| c.is_ascii_alphanumeric() || (c == '.' && !sign));
        let Some(number) = starts.then(|| quantity(chars, from)).flatten() else {
            at += 1;
            continue;
        };
        if let Some((end, value)) = sum(scene, at, sign, number) {
            let mut entity = Found::new(at, end, EntityKind::Money, 0.95, Rule::MoneyUnit);
            if let Some(fen) = value.filter(|v| v.is_finite() && v.abs() < 9e17) {
                entity = entity.with(Value::Fen(fen.round() as i64));
            }
            found.push(entity);
            at = end;
        } else {
            at = number.end.max(at + 1);
        }
    }
}

/// The end of the sum and its value in fen, if the number is one.
fn sum(scene: &Scene<'_>, start: usize, sign: bool, first: Quantity) -> Option<(usize, Option<f64>)> {
    let mut number = first;
    let mut range = false;
    // 3-5万元, 三至五万元: one span, no single value.
    if scene.char(number.end).is_some_and(|c| matches!(c, '-' | '~' | '～' | '至' | '到' | '—'))
        && let Some(second) = quantity(scene.chars, number.end + 1)
        && unit(scene, spaces(scene, second.end)).is_some()
    {
        number = second;
        range = true;
    }
    let after = spaces(scene, number.end);
    if let Some((width, fen)) = unit(scene, after) {
        let mut end = after + width;
        let mut value = number.value.zip(fen).map(|(n, f)| n * f);
        // 三元五角, 12元5角6分
        if scene.chars[after..end].ends_with(&['元']) {
            for (mark, worth) in [('角', 10.0), ('分', 1.0)] {
                if let Some(small) = scene.char(end).filter(|c| begins(*c)).and_then(|_| quantity(scene.chars, end))
                    && scene.char(small.end) == Some(mark)
                {
                    value = value.zip(small.value).map(|(v, s)| v + s * worth);
                    end = small.end + 1;
                }
            }
        }
        return Some((end, if range { None } else { value }));
    }
    let next = scene.char(number.end);
    if sign || scene.before(start, "人民币") {
        return Some((number.end, number.value.map(|v| v * 100.0)));
    }
    // 一百万 beside 贿 is money; 一百万人 is not.
    let clear_end = next.is_none_or(|c| !COUNTED.contains(&c) && !c.is_ascii_alphanumeric());
    let cue = number.large && clear_end && scene.lately(start, 8, &CUES);
    cue.then(|| (number.end, number.value.map(|v| v * 100.0)))
}

/// Width of the unit at `at` and its worth in fen, `None` for foreign money.
fn unit(scene: &Scene<'_>, at: usize) -> Option<(usize, Option<f64>)> {
    if let Some(foreign) = FOREIGN.iter().find(|u| scene.at(at, u)) {
        return Some((foreign.chars().count(), None));
    }
    if let Some((unit, fen)) = UNITS.iter().find(|(u, _)| scene.at(at, u)) {
        let width = unit.chars().count();
        // 元旦, 元月, 元宵, 圆形 are no units.
        let other = *unit == "元" && scene.char(at + 1).is_some_and(|c| matches!(c, '旦' | '宵' | '素' | '件' | '老'))
            || *unit == "圆" && scene.char(at + 1).is_some_and(|c| matches!(c, '形' | '桌' | '满' | '球' | '柱'));
        return (!other).then_some((width, Some(*fen)));
    }
    // 三百块: only where nothing is counted in pieces.
    let piece = scene.at(at, "块")
        && scene
            .char(at + 1)
            .is_none_or(|c| !super::context::han(c) || matches!(c, '左' | '多' | '以' | '的' | '不' | '呢' | '吧'));
    piece.then_some((1, Some(100.0)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{of, values};
    use super::*;

    #[test]
    fn sums_and_their_value_in_fen() {
        for (text, span, fen) in [
            ("收受20万元。", "20万元", Some(20_000_000)),
            ("共1,200.50元", "1,200.50元", Some(120_050)),
            ("三十万元贿款", "三十万元", Some(30_000_000)),
            ("合同价1.5亿元", "1.5亿元", Some(15_000_000_000)),
            ("送了两千多块钱", "两千多块钱", Some(200_000)),
            ("￥５０００的红包", "￥５０００", Some(500_000)),
            ("人民币30000", "30000", Some(3_000_000)),
            ("罚款3-5万元", "3-5万元", None),
            ("收了几十万元", "几十万元", None),
            ("受贿100万,", "100万", Some(100_000_000)),
            ("收5万美元", "5万美元", None),
            ("每斤3元5角", "3元5角", Some(350)),
            ("收 200 元", "200 元", Some(20_000)),
            ("交了三百块。", "三百块", Some(30_000)),
        ] {
            assert_eq!(of(text, EntityKind::Money), [span], "{text}");
            assert_eq!(values(text, EntityKind::Money), [fen.map(Value::Fen)], "{text}");
        }
    }

    #[test]
    fn what_is_no_money() {
        for text in ["全市100万人", "2019元旦放假", "三块地", "种了20万株树", "住3栋2单元", "A20万科城"]
        {
            assert!(of(text, EntityKind::Money).is_empty(), "{text}: {:?}", of(text, EntityKind::Money));
        }
    }
}
