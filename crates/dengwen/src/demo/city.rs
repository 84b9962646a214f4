//! The made-up city 望澜市: its organs, offices, units, posts and staff in both editions, and the
//! provincial organs above them, so that a report about an own leader has somewhere to go.
//!
//! Every name is invented; division codes begin with 99, which no real place has.

use domain::directory::*;
use domain::ids::{OfficeId, StaffId, TenantCode};
use domain::words::{Edition, Rank, Role};

use super::texts::COUNTIES;

/// One organ of the demo and whether it has a desk of its own.
pub struct DemoOrgan {
    /// The directory document.
    pub directory: Directory,
    /// Share of the demo's reports, in percent.
    pub share: usize,
}

fn tenant(code: &str) -> TenantCode {
    code.parse().expect("the demo's organ codes are nine characters")
}

/// The four organs: the city's in both editions, and the province's above each.
pub fn organs() -> Vec<DemoOrgan> {
    vec![
        DemoOrgan { directory: city_jw(), share: 70 },
        DemoOrgan { directory: city_xf(), share: 30 },
        DemoOrgan { directory: province(Edition::Jw), share: 0 },
        DemoOrgan { directory: province(Edition::Xf), share: 0 },
    ]
}

/// Code of the city's organ of discipline inspection.
pub const CITY_JW: &str = "990100J01";
/// Code of the city's petition bureau.
pub const CITY_XF: &str = "990100X01";
const PROVINCE_JW: &str = "990000J01";
const PROVINCE_XF: &str = "990000X01";

fn office(id: &str, name: &str, kind: OfficeKind, divisions: &[&str], leader: Option<&str>) -> Office {
    Office {
        id: OfficeId(id.into()),
        name: name.into(),
        aliases: vec![],
        kind,
        divisions: divisions.iter().map(|d| (*d).to_owned()).collect(),
        leader: leader.map(|l| StaffId(l.into())),
        phone: String::new(),
    }
}

fn staff(id: &str, name: &str, roles: &[Role], office: &str) -> Staff {
    Staff {
        id: StaffId(id.into()),
        user: id.into(),
        name: name.into(),
        roles: roles.to_vec(),
        office: OfficeId(office.into()),
        post: None,
        near: vec![],
        leaves: vec![],
        proposed: None,
        ended_on: None,
    }
}

fn committee(id: &str, name: &str, accepts: Accepts) -> Committee {
    Committee { id: CommitteeId(id.into()), name: name.into(), accepts }
}

fn unit(id: &str, name: &str, aliases: &[&str], division: &str, office: &str, committee: &str) -> Unit {
    Unit {
        id: UnitId(id.into()),
        name: name.into(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        division: division.into(),
        office: Some(OfficeId(office.into())),
        committee: CommitteeId(committee.into()),
        vertical: None,
    }
}

fn post(id: &str, title: &str, unit: Option<&str>, rank: Rank, committee: &str, head: Headship) -> Post {
    Post {
        id: PostId(id.into()),
        title: title.into(),
        aliases: vec![],
        unit: unit.map(|u| UnitId(u.into())),
        rank,
        committee: CommitteeId(committee.into()),
        head,
        risks: vec![],
        holder: None,
    }
}

fn divisions() -> Vec<ExtraDivision> {
    let mut all = vec![
        ExtraDivision { code: "99".into(), name: "澜江省".into() },
        ExtraDivision { code: "9901".into(), name: "望澜市".into() },
    ];
    for county in &COUNTIES {
        all.push(ExtraDivision { code: county.code.into(), name: county.name.into() });
        for (code, name) in county.towns {
            all.push(ExtraDivision { code: code.into(), name: name.into() });
        }
    }
    all
}

fn other(
    key: &str,
    name: &str,
    aliases: &[&str],
    tenant_code: Option<&str>,
    relation: OrganRelation,
    division: Option<&str>,
) -> OtherOrgan {
    OtherOrgan {
        key: key.into(),
        name: name.into(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        tenant: tenant_code.map(tenant),
        relation,
        division: division.map(str::to_owned),
        address: "望澜市澜江大道1号".into(),
        phone: "0990-0000000".into(),
    }
}

const COUNTY_KEYS: [&str; 3] = ["yanxi", "qinghe", "yunxiu"];

/// Bureaus every county has: key, name, the stationed group that looks after it.
const BUREAUS: [(&str, &str, &str); 7] = [
    ("zjj", "住建局", "pz1"),
    ("jtj", "交通运输局", "pz1"),
    ("zrj", "自然资源局", "pz1"),
    ("nyj", "农业农村局", "pz2"),
    ("jyj", "教育局", "pz2"),
    ("wjj", "卫生健康局", "pz2"),
    ("slj", "水利局", "pz2"),
];

fn city_jw() -> Directory {
    let mut offices = vec![
        office("xfs", "信访室", OfficeKind::Petition, &["9901"], Some("fenguan")),
        office("ld", "委领导", OfficeKind::Leadership, &["9901"], None),
        office("ags", "案件监督管理室", OfficeKind::CaseManagement, &["9901"], Some("fenguan")),
        office("jj1", "第一监督检查室", OfficeKind::Supervision, &["990121"], Some("fenguan2")),
        office("jj2", "第二监督检查室", OfficeKind::Supervision, &["990122", "990123"], Some("fenguan2")),
        office("pz1", "市纪委监委派驻第一纪检监察组", OfficeKind::Stationed, &[], Some("fenguan2")),
        office("pz2", "市纪委监委派驻第二纪检监察组", OfficeKind::Stationed, &[], Some("fenguan2")),
        office("xxzx", "信息中心", OfficeKind::Department, &[], None),
    ];
    let mut staff_list = vec![
        staff("jingban", "林晓舟", &[Role::Clerk], "xfs"),
        staff("jingban2", "余安禾", &[Role::Clerk], "xfs"),
        staff("zhuren", "贺知秋", &[Role::Head], "xfs"),
        staff("fenguan", "秦远山", &[Role::Leader], "ld"),
        staff("fenguan2", "温如岳", &[Role::Leader], "ld"),
        staff("shuji", "顾长风", &[Role::Chief], "ld"),
        staff("duban", "章慎之", &[Role::Supervisor], "ags"),
        staff("fenxi", "钟映雪", &[Role::Analyst], "ags"),
        staff("chengban1", "陆鸣谦", &[Role::Handler], "jj1"),
        staff("chengban2", "崔望舒", &[Role::Handler], "jj2"),
        staff("paizhu1", "岳松年", &[Role::Handler], "pz1"),
        staff("paizhu2", "闻人静", &[Role::Handler], "pz2"),
        staff("baoguan", "温以宁", &[Role::Custodian], "ags"),
        staff("shenpi", "杜若衡", &[Role::Approver], "ags"),
        staff("shenji", "尹明澈", &[Role::Auditor], "ags"),
        staff("guanli", "石敬亭", &[Role::Admin], "xxzx"),
        staff("anquan", "白砚清", &[Role::Security], "xxzx"),
    ];
    let mut units = vec![
        unit("shizf", "望澜市人民政府", &["市政府"], "9901", "jj1", "shiwei"),
        unit("shizjj", "望澜市住房和城乡建设局", &["市住建局", "望澜市住建局"], "9901", "pz1", "shiwei"),
        unit("shijyj", "望澜市教育局", &["市教育局"], "9901", "pz2", "shiwei"),
    ];
    let mut posts = vec![
        post("shuji", "市纪委书记", None, Rank::Bureau, "shengwei", Headship::Head),
        post("shizhang", "市长", Some("shizf"), Rank::Bureau, "shengwei", Headship::Head),
        post("fushizhang", "副市长", Some("shizf"), Rank::Bureau, "shengwei", Headship::Member),
        post("shizjj-juzhang", "局长", Some("shizjj"), Rank::County, "shiwei", Headship::Head),
        post("shijyj-juzhang", "局长", Some("shijyj"), Rank::County, "shiwei", Headship::Head),
    ];
    posts[0].aliases = vec!["市纪委书记".into(), "市监委主任".into()];
    posts[0].holder = Some("顾长风".into());
    let mut committees = vec![
        committee("shengwei", "中共澜江省委", Accepts::Organ("sheng".into())),
        committee("shiwei", "中共望澜市委", Accepts::Own),
    ];
    let mut organs = vec![
        other("sheng", "澜江省纪委监委", &["省纪委"], Some(PROVINCE_JW), OrganRelation::Superior, Some("99")),
        other("shixf", "望澜市信访局", &["市信访局"], Some(CITY_XF), OrganRelation::Peer, Some("9901")),
        other("shifayuan", "望澜市中级人民法院", &["市中院"], None, OrganRelation::Peer, Some("9901")),
        other("shigongan", "望澜市公安局", &["市公安局"], None, OrganRelation::Peer, Some("9901")),
    ];
    for (i, county) in COUNTIES.iter().enumerate() {
        let key = COUNTY_KEYS[i];
        let supervision = if i == 0 { "jj1" } else { "jj2" };
        organs.push(other(
            key,
            &format!("{}纪委监委", county.name),
            &[],
            None,
            OrganRelation::Lower,
            Some(county.code),
        ));
        let cadres = format!("{key}xianwei");
        committees.push(committee(&cadres, &format!("中共{}委", county.name), Accepts::Organ(key.into())));
        units.push(unit(
            &format!("{key}zf"),
            &format!("{}人民政府", county.name),
            &[],
            county.code,
            supervision,
            "shiwei",
        ));
        posts.push(post(
            &format!("{key}-xianzhang"),
            "县长",
            Some(&format!("{key}zf")),
            Rank::County,
            "shiwei",
            Headship::Head,
        ));
        for (bureau, name, group) in BUREAUS {
            let id = format!("{key}{bureau}");
            units.push(unit(&id, &format!("{}{name}", county.name), &[], county.code, group, &cadres));
            posts.push(post(&format!("{id}-juzhang"), "局长", Some(&id), Rank::Section, &cadres, Headship::Head));
            posts.push(post(&format!("{id}-fujuzhang"), "副局长", Some(&id), Rank::Section, &cadres, Headship::Member));
        }
        for (n, (code, town)) in county.towns.iter().enumerate() {
            let id = format!("{key}{}", n + 1);
            let name = format!("{}{town}", county.name);
            offices.push(office(&id, &format!("{name}纪委"), OfficeKind::Township, &[code], Some("fenguan2")));
            staff_list.push(staff(
                &id,
                ["柯守正", "梅清和", "房自明", "宁致远", "路平安", "常思源", "简素心", "安若谷", "乔正言"][i * 3 + n],
                &[Role::Handler],
                &id,
            ));
            let party = format!("{id}dangwei");
            committees.push(committee(&party, &format!("中共{name}委"), Accepts::Office(OfficeId(id.clone()))));
            units.push(unit(
                &format!("{id}zf"),
                &format!("{name}人民政府"),
                &[&format!("{name}政府")],
                code,
                supervision,
                &cadres,
            ));
            units.push(unit(&format!("{id}dw"), &format!("{name}党委"), &[], code, supervision, &cadres));
            posts.push(post(
                &format!("{id}-zhenzhang"),
                "镇长",
                Some(&format!("{id}zf")),
                Rank::Section,
                &cadres,
                Headship::Head,
            ));
            posts.push(post(
                &format!("{id}-fuzhenzhang"),
                "副镇长",
                Some(&format!("{id}zf")),
                Rank::Section,
                &cadres,
                Headship::Member,
            ));
        }
    }
    Directory {
        organ: Organ {
            tenant: tenant(CITY_JW),
            name: "中共望澜市纪律检查委员会 望澜市监察委员会".into(),
            aliases: vec!["望澜市纪委监委".into(), "市纪委监委".into(), "市纪委".into(), "市监委".into()],
            edition: Edition::Jw,
            level: Level::City,
            superior: Some("sheng".into()),
            division: "9901".into(),
            letterhead: Letterhead {
                mark: "中共望澜市纪律检查委员会".into(),
                short: "望纪信".into(),
                address: "望澜市澜江大道1号".into(),
                phone: "0990-12388".into(),
                postcode: "990100".into(),
                url: String::new(),
            },
        },
        organs,
        committees,
        offices,
        units,
        posts,
        staff: staff_list,
        divisions: divisions(),
    }
}

fn city_xf() -> Directory {
    let offices = vec![
        office("bls", "办信接访科", OfficeKind::Petition, &["9901"], Some("xf-fenguan")),
        office("ld", "局领导", OfficeKind::Leadership, &["9901"], None),
        office("dcs", "督查科", OfficeKind::CaseManagement, &["9901"], Some("xf-fenguan")),
        office("cj", "城建事项办理科", OfficeKind::Department, &["990121", "990122"], Some("xf-fenguan")),
        office("ms", "民生事项办理科", OfficeKind::Department, &["990123"], Some("xf-fenguan")),
        office("xxzx", "信息科", OfficeKind::Department, &[], None),
    ];
    let staff_list = vec![
        staff("xf-jingban", "穆清扬", &[Role::Clerk], "bls"),
        staff("xf-zhuren", "韩素问", &[Role::Head], "bls"),
        staff("xf-fenguan", "沈怀谨", &[Role::Leader], "ld"),
        staff("xf-juzhang", "梁稷安", &[Role::Chief], "ld"),
        staff("xf-duban", "祝允之", &[Role::Supervisor], "dcs"),
        staff("xf-fenxi", "成静安", &[Role::Analyst], "dcs"),
        staff("xf-chengban1", "卫长歌", &[Role::Handler], "cj"),
        staff("xf-chengban2", "冉秋水", &[Role::Handler], "ms"),
        staff("xf-baoguan", "唐慎微", &[Role::Custodian], "dcs"),
        staff("xf-shenpi", "阮籍言", &[Role::Approver], "dcs"),
        staff("xf-shenji", "蒲公明", &[Role::Auditor], "dcs"),
        staff("xf-guanli", "丁一鸣", &[Role::Admin], "xxzx"),
        staff("xf-anquan", "左思齐", &[Role::Security], "xxzx"),
    ];
    let mut units = Vec::new();
    let mut committees = vec![
        committee("shengwei", "中共澜江省委", Accepts::Organ("sheng".into())),
        committee("shiwei", "中共望澜市委", Accepts::Own),
    ];
    let mut organs = vec![
        other("sheng", "澜江省信访局", &["省信访局"], Some(PROVINCE_XF), OrganRelation::Superior, Some("99")),
        other("shijw", "望澜市纪委监委", &["市纪委监委", "市纪委"], Some(CITY_JW), OrganRelation::Peer, Some("9901")),
        other("shifayuan", "望澜市中级人民法院", &["市中院"], None, OrganRelation::Peer, Some("9901")),
        other("shizhengfa", "望澜市委政法委", &["市委政法委"], None, OrganRelation::Peer, Some("9901")),
    ];
    for (i, county) in COUNTIES.iter().enumerate() {
        let key = COUNTY_KEYS[i];
        let holder = if i < 2 { "cj" } else { "ms" };
        organs.push(other(key, &format!("{}信访局", county.name), &[], None, OrganRelation::Lower, Some(county.code)));
        let cadres = format!("{key}xianwei");
        committees.push(committee(&cadres, &format!("中共{}委", county.name), Accepts::Organ(key.into())));
        for (bureau, name, _) in BUREAUS {
            units.push(unit(
                &format!("{key}{bureau}"),
                &format!("{}{name}", county.name),
                &[],
                county.code,
                holder,
                &cadres,
            ));
        }
    }
    Directory {
        organ: Organ {
            tenant: tenant(CITY_XF),
            name: "望澜市信访局".into(),
            aliases: vec!["市信访局".into()],
            edition: Edition::Xf,
            level: Level::City,
            superior: Some("sheng".into()),
            division: "9901".into(),
            letterhead: Letterhead {
                mark: "望澜市信访局".into(),
                short: "望信".into(),
                address: "望澜市澜江大道3号".into(),
                phone: "0990-0012345".into(),
                postcode: "990100".into(),
                url: String::new(),
            },
        },
        organs,
        committees,
        offices,
        units,
        posts: vec![],
        staff: staff_list,
        divisions: divisions(),
    }
}

/// The organ above: it takes what must not be seen below.
fn province(edition: Edition) -> Directory {
    let (code, name, user, office_name) = match edition {
        Edition::Jw => (PROVINCE_JW, "澜江省纪委监委", "sheng", "信访室"),
        Edition::Xf => (PROVINCE_XF, "澜江省信访局", "sheng-xf", "办信处"),
    };
    let id = |part: &str| format!("{user}-{part}");
    Directory {
        organ: Organ {
            tenant: tenant(code),
            name: name.into(),
            aliases: vec![],
            edition,
            level: Level::Province,
            superior: None,
            division: "99".into(),
            letterhead: Letterhead { mark: name.into(), short: "澜".into(), ..Letterhead::default() },
        },
        organs: vec![],
        committees: vec![committee("shengwei", "中共澜江省委", Accepts::Own)],
        offices: vec![
            office("xfs", office_name, OfficeKind::Petition, &["99"], None),
            office("ld", "领导", OfficeKind::Leadership, &["99"], None),
        ],
        units: vec![],
        posts: vec![],
        staff: vec![
            staff(&id("jingban"), "江照晚", &[Role::Clerk], "xfs"),
            staff(&id("zhuren"), "纪无咎", &[Role::Head], "xfs"),
            staff(&id("fenguan"), "方致和", &[Role::Leader], "ld"),
        ],
        divisions: divisions(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_directory_of_the_demo_is_consistent() {
        for organ in organs() {
            organ.directory.check().unwrap();
        }
    }

    #[test]
    fn sign_in_names_are_unique_over_all_organs() {
        let mut users: Vec<String> =
            organs().iter().flat_map(|o| o.directory.staff.iter().map(|s| s.user.clone())).collect();
        let all = users.len();
        users.sort();
        users.dedup();
        assert_eq!(users.len(), all);
    }
}
