//! One letter after another, the first with fonts to be read.

use std::time::Instant;

use jiff::civil::date;
use papers::paper::{AcceptanceNotice, Letterhead, Paper, SealSpace};
use papers::{FontPlaces, Fonts, render};

use crate::row::Row;
use crate::{Fault, Setting};

/// The first, and those after it.
pub fn row(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(2, 60);
    let fonts = Fonts::new(FontPlaces::default());
    let mut row = Row::new("letter", size, "letters");
    let begun = Instant::now();
    let bytes = render(&notice(0), &fonts)?;
    row.add("first", begun.elapsed().as_secs_f64() * 1000.0, "ms");
    let mut times = Vec::new();
    for n in 1..=size {
        let paper = notice(n);
        let begun = Instant::now();
        render(&paper, &fonts)?;
        times.push(begun.elapsed());
    }
    row.times("next ", &mut times);
    row.add("size", bytes.len() as f64 / 1024.0, "KiB");
    Ok(row)
}

fn notice(n: usize) -> Paper {
    Paper::AcceptanceNotice(AcceptanceNotice {
        head: Letterhead {
            organ: "望澜市纪律检查委员会监察委员会".into(),
            document_number: Some(format!("望纪信告〔2026〕{n}号")),
            secrecy: None,
            urgency: None,
            date: date(2026, 2, 24),
            seal: SealSpace::Seal,
            verification: None,
            contact: Some("信访接待室，望澜市青禾路1号，电话0000-1238800".into()),
        },
        addressee: "沈××同志".into(),
        number: format!("990100J01-2026-{n:06}-K"),
        received_on: date(2026, 2, 11),
        accepted_on: date(2026, 2, 24),
        feedback_within: "15个工作日".into(),
        status_page: Some("https://dengwen.wanglan.example/status".into()),
    })
}
