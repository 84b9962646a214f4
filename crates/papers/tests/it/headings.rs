//! Which headings of real tables are recognised, kept as a table that a reviewer can read.

use papers::rows::{Field, Mapping, recognise};

#[test]
fn headings_of_real_tables() {
    let tables: [&[&str]; 6] = [
        &["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"],
        &[
            "replyID",
            "replyDate",
            "typeNameD",
            "title",
            "reply_object",
            "province",
            "city",
            "county",
            "zipcode",
            "domainName",
            "stateInfo",
            "replyName",
            "replyContentMain",
            "handleTime",
            "handleContent",
            "url",
        ],
        &["id", "user", "title", "time", "text", "against", "for", "label"],
        &[
            "序号",
            "信访件编号",
            "信访形式",
            "收件日期",
            "反映人姓名",
            "联系电话",
            "被反映人",
            "工作单位",
            "职务",
            "职级",
            "问题类别",
            "反映问题",
            "属地",
            "办理结果",
        ],
        &["＊内容（必填）", " 收 到 日 期 ", "渠道:", "TITLE", "Subject_Name", "编号【原系统】"],
        &["", "备注", "一级标签", "答复意见", "答复时间", "来源", "留言人"],
    ];
    let table: Vec<String> = tables
        .iter()
        .map(|headings| {
            headings
                .iter()
                .map(|h| format!("{h:?} -> {}", recognise(h).map_or("-", Field::as_str)))
                .collect::<Vec<_>>()
                .join("\n")
        })
        .collect();
    insta::assert_snapshot!(table.join("\n\n"));
}

#[test]
fn every_field_is_recognised_by_its_own_heading_and_spelling() {
    for field in Field::ALL {
        assert_eq!(recognise(field.heading()), Some(*field), "{}", field.heading());
        assert_eq!(recognise(field.as_str()), Some(*field), "{}", field.as_str());
    }
}

#[test]
fn mapping_files_say_what_is_wrong_with_them() {
    assert!(Mapping::from_toml("text = \"甲\"\ntitle = \"乙\"").is_ok());
    let unknown = Mapping::from_toml("txt = \"甲\"").unwrap_err().to_string();
    assert!(unknown.contains("txt") && unknown.contains("text, time"), "{unknown}");
    let broken = Mapping::from_toml("text = 3").unwrap_err().to_string();
    assert!(broken.contains("text = \"详情\""), "{broken}");
}
