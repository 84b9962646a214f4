//! Addresses: divisions, roads, estates and house numbers written together, and divisions by
//! themselves.

use std::sync::LazyLock;

use super::context::han;
use super::places::{Mention, Settled};
use super::{Found, Scene};
use crate::entity::{EntityKind, Value};
use crate::quick::list;
use crate::stage::Rule;

/// What ends a part of an address, longer ones first.
static PARTS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     自治区 自治州 自治县 开发区 高新区 经开区 工业园 产业园 科技园 村民小组 大道 号楼 街道 社区 \
     小区 花园 家园 公寓 大厦 广场 国际 名城 公馆 单元 交叉口 路口 省 市 县 区 州 镇 乡 村 组 路 \
     街 巷 弄 里 栋 幢 座 楼 层 室 房 号 屯 庄 湾 苑 坪 桥",
    )
});

/// Parts that need a number or letter before them.
const NUMBERED: &[&str] = &["号楼", "单元", "组", "栋", "幢", "座", "楼", "层", "室", "房", "号", "里", "弄"];

/// Parts that make an address of a run: without one of them it is only a house number.
static NAMING: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     省 市 县 区 州 镇 乡 村 街道 社区 小区 花园 家园 公寓 大厦 广场 大道 路 街 巷 苑 开发区 \
     高新区 经开区 工业园 产业园 科技园 自治区 自治州 自治县",
    )
});

/// Names nothing: `该小区`, `每条路`.
static GENERIC: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     小 社 城 郊 地 农 山 全 本 我 各 整 老 新 乡 市 县 镇 道 公 马 铁 线 走 修 网 电 思 销 一 条 \
     这条 那条 出 门 套 多 个 几个 老旧 住宅 商住 商品房 高档 封闭 步行 大 主 辅 柏油 水泥 进村 \
     通村 上 下 同 外 内 东 西 南 北 中 左 右 问 让 半 高速公 公公 国 景 片 辖 库 校 行政 贫困 \
     自然 空心 周边 集 城中 安置 廉租 套路 门路 后 两 另外一个 同一个 开发 人民 商业 生活 工作 \
     办公 居民 教学 综合 宿舍 学区 厂 服务 休息 保护 灾 示范 旅游 风景 度假 超 夜 股 上市 菜 门市 \
     城镇 街 该 大街 农贸 批发 楼 入住 逛 整条 沿 临 过 一条 双 单 铺 养 便道 机耕 乡村 农村 所在 \
     地级 县级",
    )
});

/// Finds addresses.
pub(crate) fn find(scene: &Scene<'_>, mentions: &[Mention], settled: &[Settled], found: &mut Vec<Found>) {
    let mut at = 0;
    let mut next_mention = 0;
    while at < scene.chars.len() {
        if scene.breaks(at) || !(han(scene.chars[at]) || scene.chars[at].is_ascii_alphanumeric()) {
            at += 1;
            continue;
        }
        while mentions.get(next_mention).is_some_and(|m| m.start < at) {
            next_mention += 1;
        }
        let begins = at == 0 || scene.breaks(at - 1) || mentions.get(next_mention).is_some_and(|m| m.start == at);
        let run = begins.then(|| address(scene, &mentions[next_mention..], at)).flatten();
        let Some(end) = run else {
            at += 1;
            continue;
        };
        let from = settled.partition_point(|s| s.mention < next_mention);
        let code = settled[from..]
            .iter()
            .take_while(|s| mentions.get(s.mention).is_some_and(|m| m.end <= end))
            .map(|s| s.place.code.clone())
            .max_by_key(String::len);
        let first = mentions.get(next_mention).filter(|m| m.start == at);
        let known = first.is_some();
        let rule = if first.is_some_and(|m| m.end == end) { Rule::PlaceName } else { Rule::AddressParts };
        let hit = Found::new(at, end, EntityKind::Address, if known { 0.74 } else { 0.68 }, rule);
        found.push(match code {
            Some(code) => hit.with(Value::Division(code)),
            None => hit,
        });
        at = end;
    }
}

/// Where the address that begins at `start` ends.
fn address(scene: &Scene<'_>, mentions: &[Mention], start: usize) -> Option<usize> {
    let mut end = None;
    let mut named = false;
    let (mut parts, mut first_stem) = (0, 0);
    let mut part_start = start;
    let mut at = start;
    // Mentions from `start` on; those passed are dropped.
    let mut ahead = mentions;
    while at < scene.chars.len() && at - start < 48 {
        while ahead.first().is_some_and(|m| m.start < at) {
            ahead = &ahead[1..];
        }
        if let Some(mention) = ahead.first().filter(|m| m.start == at && at == part_start) {
            named = true;
            parts += 2;
            at = mention.end;
            part_start = at;
            end = Some(at);
            continue;
        }
        if scene.breaks(at) {
            break;
        }
        let before = at - part_start;
        // 文苑 + 小区: a part may follow another at once.
        let follows = end == Some(at);
        let part = PARTS.iter().find(|p| scene.at(at, p)).filter(|p| before > 0 || (follows && p.len() > 3));
        let Some(part) = part else {
            at += 1;
            if at - part_start > 9 {
                break;
            }
            continue;
        };
        let stem = scene.string(part_start, at);
        let numbered = NUMBERED.contains(part);
        let figures = stem.chars().all(|c| c.is_ascii_alphanumeric() || "一二三四五六七八九十第".contains(c));
        let part_end = at + part.chars().count();
        let valid = if numbered {
            figures
        } else {
            !GENERIC.contains(&stem.as_str()) && !stem.starts_with(|c: char| "大小老新".contains(c) && before == 1)
        };
        // 市民, 区域, 路灯, 村民, 镇政府 go on as other words.
        let other = scene.char(part_end).is_some_and(|c| match *part {
            "市" => "场民价容面政".contains(c),
            "区" => "域别分划块长间".contains(c),
            "县" => "长委城".contains(c),
            "村" => "民长支委干主两书会里".contains(c),
            "镇" => "长党".contains(c),
            "乡" => "长党镇村".contains(c),
            "路" => "灯面线过上况由人段".contains(c),
            "街" => "道头上".contains(c),
            "楼" | "房" => "盘房层下上产屋子价".contains(c),
            "号" => "码召线".contains(c),
            "组" => "织长成合".contains(c),
            "里" | "座" | "层" | "湾" | "桥" => han(c),
            _ => false,
        });
        if !valid || (other && !matches!(*part, "县" | "村" | "镇" | "乡" | "路" | "街" | "市")) {
            at += 1;
            if at - part_start > 9 {
                break;
            }
            continue;
        }
        if other && matches!(*part, "市" | "街" | "路") {
            at += 1;
            continue;
        }
        named |= NAMING.contains(part);
        parts += 1;
        if parts == 1 {
            first_stem = before;
        }
        end = Some(part_end);
        part_start = part_end;
        at = part_end;
        if matches!(scene.char(at), Some('-')) && scene.char(at + 1).is_some_and(|c| c.is_ascii_digit()) {
            at += 1;
        }
    }
    // 张路, 荒村: one part of one character before it names no place, unless it is a letter.
    let lone = parts == 1 && first_stem == 1 && !scene.chars[start].is_ascii_alphanumeric();
    end.filter(|e| named && !lone && e - start >= 2)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{of, values};
    use super::*;

    #[test]
    fn addresses() {
        for (text, address) in [
            ("家住云川市青山县柳林镇大田村3组", "云川市青山县柳林镇大田村3组"),
            ("位于A市A3区东方红路12号", "A市A3区东方红路12号"),
            ("在杜鹃文苑小区3栋2单元501室", "杜鹃文苑小区3栋2单元501室"),
            ("来自白石县", "白石县"),
            ("我是柳河镇大田村村民", "柳河镇大田村"),
        ] {
            assert_eq!(of(text, EntityKind::Address), [address], "{text}");
        }
        assert_eq!(values("在青山县,", EntityKind::Address), [Some(Value::Division("990121".into()))]);
        for text in ["小区里面", "这条路", "地区差异", "城市建设", "全市人民", "超市"] {
            assert!(of(text, EntityKind::Address).is_empty(), "{text}: {:?}", of(text, EntityKind::Address));
        }
    }
}
