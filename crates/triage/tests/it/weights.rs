//! The shipped weights and the file format.

use triage::category::{EMBEDDED, Model, ModelError, Row, Split, TrainOptions, evaluate, train};
use triage::{EvalOptions, TrainError, eval_from_jsonl, train_from_jsonl};

/// Two made-up subjects with enough variety to be told apart.
fn rows() -> Vec<Row> {
    let roads = ["路灯", "公交车", "红绿灯", "停车位", "斑马线", "车站", "高速路口", "出租车"];
    let schools = ["老师", "学校", "补课", "幼儿园", "高考", "学费", "班级", "教材"];
    let mut rows = Vec::new();
    for i in 0..40 {
        for (label, words) in [("交通", roads), ("教育", schools)] {
            let (a, b, c) = (words[i % 8], words[(i * 3 + 1) % 8], words[(i * 5 + 2) % 8]);
            rows.push(Row {
                title: (i % 2 == 0).then(|| format!("关于{a}的问题")),
                text: format!("我们这里的{a}和{b}有问题,{c}也没有人管,第{i}次反映。"),
                label: label.to_owned(),
            });
        }
    }
    rows
}

#[test]
fn the_shipped_weights_are_whole_and_know_seven_labels() {
    let model = Model::from_bytes(EMBEDDED).expect("the shipped weights");
    assert_eq!(model.labels().len(), 7);
    assert_eq!(model.to_bytes(), EMBEDDED, "reading and writing is the identity");
    assert!(EMBEDDED.len() < 4 * 1024 * 1024);
    let card = include_str!("../../../../models/category.md");
    assert!(card.contains(model.version().rsplit('-').next().expect("a digest")), "the card names these very weights");
}

#[test]
fn an_altered_file_is_refused() {
    let bytes = train(&rows(), &TrainOptions::default(), &mut |_| {}).expect("trained").to_bytes();
    for at in (0..bytes.len()).step_by(7).chain(bytes.len() - 9..bytes.len()) {
        let mut altered = bytes.clone();
        altered[at] ^= 0x41;
        assert!(Model::from_bytes(&altered).is_err(), "byte {at}");
    }
    for length in [0, 3, 8, 20, bytes.len() / 2, bytes.len() - 1] {
        assert!(Model::from_bytes(&bytes[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(Model::from_bytes(b"something else"), Err(ModelError::NotAModel));
    let mut later = bytes;
    later[8] = 9;
    assert_eq!(Model::from_bytes(&later), Err(ModelError::Format(9)));
}

#[test]
fn training_repeats_itself_and_learns() {
    let rows = rows();
    let mut steps = Vec::new();
    let a = train(&rows, &TrainOptions::default(), &mut |p| steps.push((p.done, p.total))).expect("trained");
    let b = train(&rows, &TrainOptions::default(), &mut |_| {}).expect("trained");
    assert_eq!(a.to_bytes(), b.to_bytes());
    assert_eq!(steps.first(), Some(&(0, 5)));
    assert_eq!(steps.last(), Some(&(5, 5)));
    assert_eq!(a.rank("", "路口的红绿灯坏了,公交车站也没有灯").0.label, "交通");
    assert_eq!(a.rank("", "学校老师在班级里收补课费").0.label, "教育");
    let (unknown, known) = a.rank("", "zzz");
    assert_eq!(known, 0);
    assert!((unknown.confidence - 0.5).abs() < 0.1, "nothing known, nothing sure: {unknown:?}");
}

#[test]
fn measuring_judges_every_row_once_by_a_model_that_never_saw_it() {
    let rows = rows();
    for split in [Split::Stratified, Split::Grouped] {
        let e =
            evaluate(&rows, &EvalOptions { folds: 4, split, ..EvalOptions::default() }, &mut |_| {}).expect("measured");
        assert_eq!(e.rows, rows.len());
        assert_eq!(e.confusion.iter().flatten().sum::<usize>(), rows.len());
        assert_eq!(e.classes.iter().map(|c| c.support).sum::<usize>(), rows.len());
        assert!(e.macro_f1 > 0.9, "{e}");
        let report = e.to_string();
        assert!(report.contains("macro-F1") && report.contains("ECE") && report.contains("交通"));
    }
    // Labels that say nothing about the text cannot be learned: what is measured is not memory.
    let mut noise = rows;
    for (i, row) in noise.iter_mut().enumerate() {
        row.label = if (i * i * 31 + i * 17) / 7 % 2 == 0 { "甲".into() } else { "乙".into() };
    }
    let e = evaluate(&noise, &EvalOptions { split: Split::Grouped, ..EvalOptions::default() }, &mut |_| {})
        .expect("measured");
    assert!(e.macro_f1 < 0.8, "{e}");
}

#[test]
fn what_is_wrong_with_the_rows_is_said_without_quoting_them() {
    let line = |text: &str| format!("{{\"text\":\"{text}\",\"label\":\"甲\"}}\n");
    let bad = format!("{}\n{}{{\"text\": 秘密}}\n", line("一"), line("二"));
    let error = train_from_jsonl(bad.as_bytes(), &TrainOptions::default(), &mut |_| {}).expect_err("bad row");
    assert!(matches!(error, TrainError::Row { line: 4 }) && !error.to_string().contains("秘密"), "{error}");
    let one = line("三");
    let error = train_from_jsonl(one.as_bytes(), &TrainOptions::default(), &mut |_| {}).expect_err("one label");
    assert!(matches!(error, TrainError::OneLabel));
    let few = format!("{}{}", line("四"), line("五").replace('甲', "乙"));
    let error = eval_from_jsonl(few.as_bytes(), &EvalOptions::default(), &mut |_| {}).expect_err("too few");
    assert!(matches!(error, TrainError::TooFew { have: 1, .. }), "{error}");
}
