//! Works, projects and events by how their names end.

use std::sync::LazyLock;

use super::{Found, Scene};
use crate::entity::EntityKind;
use crate::quick::{CharSet, list};
use crate::stage::Rule;

/// What a work or project ends in, longer ones first.
const PROJECTS: &[&str] = &[
    "改扩建工程",
    "改造工程",
    "建设工程",
    "改扩建项目",
    "改造项目",
    "建设项目",
    "安置项目",
    "扶贫项目",
    "工程项目",
    "绿化工程",
    "亮化工程",
    "饮水工程",
    "棚改项目",
    "工程",
    "项目",
    "改扩建",
    "标段",
];

/// What an event ends in.
const EVENTS: &[&str] = &["事件", "事故", "惨案", "专项行动", "专项整治", "运动会", "博览会", "火灾"];

/// Names nothing in particular.
static GENERIC: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     民生 形象 面子 政绩 惠民 系统 重点 市政 基础 这项 此项 多个 各个 一些 在建 政府 大型 小型 \
     相关 建设 施工 房地产 土建 隐蔽 附属 配套 希望 民心 安全 交通 突发 恶性 严重 意外 重大 群体 \
     个人 收费 检查 服务 体检 医疗 科研 投资 开发 承包 承接 转包 各项 招标 中标 验收 审批 两个 \
     三个 几个 几项 重要 整个 全部 主体 质量 合作 责任 豆腐渣 实事 扶贫",
    )
});

/// Verbs that stand before a project's name and do not belong to it.
static LEADING: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     承接 承揽 实施 施工 建设 投资 插手 干预 中标 拿下 包下 揽到 发包 转包 分包 参与 主管 分管 \
     违建 虚报 套取 做 接 包 搞 揽 修",
    )
});

/// Characters with which an ending begins.
static FIRSTS: LazyLock<CharSet> =
    LazyLock::new(|| CharSet::new(PROJECTS.iter().chain(EVENTS).filter_map(|w| w.chars().next())));

/// Finds works, projects and events.
pub(crate) fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let mut at = 0;
    while at < scene.chars.len() {
        if !FIRSTS.has(scene.chars[at]) {
            at += 1;
            continue;
        }
        let project = PROJECTS.iter().find(|w| scene.at(at, w));
        let event = EVENTS.iter().find(|w| scene.at(at, w));
        let Some(word) = project.or(event) else {
            at += 1;
            continue;
        };
        let end = at + word.chars().count();
        // 工程师, 项目部, 工程款 are no projects.
        let other = ["师", "部", "款", "量", "车", "公司", "学", "院", "兵", "类", "经理", "负责", "局", "队"]
            .iter()
            .any(|w| scene.at(end, w));
        let mut start = scene.left(at, 18);
        while let Some(word) = LEADING.iter().find(|w| scene.at(start, w)).filter(|w| start + w.chars().count() <= at) {
            start += word.chars().count();
        }
        let stem = scene.string(start, at);
        let length = at - start;
        if !other && length >= 2 && !GENERIC.contains(&stem.as_str()) {
            let (kind, rule) = if project.is_some() {
                (EntityKind::Project, Rule::ProjectName)
            } else {
                (EntityKind::Event, Rule::EventName)
            };
            found.push(Found::new(start, end, kind, if length >= 3 { 0.77 } else { 0.7 }, rule));
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::of;
    use super::*;

    #[test]
    fn works_projects_and_events() {
        assert_eq!(of("插手柳林河大桥改造工程,收好处", EntityKind::Project), ["柳林河大桥改造工程"]);
        assert_eq!(of("把城东安置小区项目给了亲戚", EntityKind::Project), ["城东安置小区项目"]);
        assert_eq!(of("在柳林煤矿透水事故中", EntityKind::Event), ["柳林煤矿透水事故"]);
        for text in ["这个项目", "工程款拖欠", "面子工程", "重大事故", "该工程师"] {
            assert!(of(text, EntityKind::Project).is_empty() && of(text, EntityKind::Event).is_empty(), "{text}");
        }
    }
}
