//! How costs grow with the number of reports, as SVG pictures for `docs/performance.md`.

use std::path::Path;

use plotters::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::Fault;

/// Width and height of a picture in pixels.
const SIZE: (u32, u32) = (760, 420);
/// Told apart by lightness as well as by hue; each line also has a mark of its own.
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 70, 140), RGBColor(200, 80, 0), RGBColor(0, 130, 90), RGBColor(120, 40, 120)];
/// Typeface; whatever the reader's own machine has.
const FONT: &str = "sans-serif";

/// One picture: some figures of one row over its sizes, and the mark to reach.
struct Picture {
    file: &'static str,
    title: &'static str,
    row: &'static str,
    unit: &'static str,
    /// Figure and what it is called in the picture.
    lines: &'static [(&'static str, &'static str)],
    reach: f64,
}

const PICTURES: [Picture; 4] = [
    Picture {
        file: "pages.svg",
        title: "Pages of the desk, p99 with 50 staff asking once a second",
        row: "a register of this size",
        unit: "ms",
        lines: &[
            ("inbox, 50 staff: p99", "inbox"),
            ("register, 50 staff: p99", "register"),
            ("report, 50 staff: p99", "report page"),
            ("cockpit, 50 staff: p99", "cockpit"),
        ],
        reach: 50.0,
    },
    Picture {
        file: "index.svg",
        title: "Sealed index, p99 of a question",
        row: "repeats and search in the sealed index",
        unit: "ms",
        lines: &[("repeats p99", "finding repeats"), ("search of two words p99", "search of two words")],
        reach: 10.0,
    },
    Picture {
        file: "import.svg",
        title: "Import, ends at Received",
        row: "a register of this size",
        unit: "rows/s",
        lines: &[("import", "rows a second")],
        reach: 10_000.0,
    },
    Picture {
        file: "memory.svg",
        title: "Most memory held",
        row: "a register of this size",
        unit: "MiB",
        lines: &[
            ("import: peak memory", "import"),
            ("memory at rest", "desk at rest"),
            ("memory after the pages", "desk after the pages"),
            ("fsck: peak memory", "fsck"),
        ],
        reach: 80.0,
    },
];

/// A line of `bench --json`.
#[derive(Deserialize)]
struct Measured {
    what: String,
    size: f64,
    figures: Value,
}

/// Draws every picture for which `file` has figures, into `folder`.
///
/// # Errors
/// A line is not one of `bench --json`, or the folder cannot be written.
pub fn draw(file: &Path, folder: &Path) -> Result<(), Fault> {
    let text = std::fs::read_to_string(file)?;
    let measured: Vec<Measured> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    std::fs::create_dir_all(folder)?;
    for picture in &PICTURES {
        let lines: Vec<(&str, Vec<(f64, f64)>)> =
            picture.lines.iter().map(|(figure, name)| (*name, points(&measured, picture.row, figure))).collect();
        let known: Vec<(f64, f64)> = lines.iter().flat_map(|(_, points)| points.iter().copied()).collect();
        if known.len() > lines.len() {
            let path = folder.join(picture.file);
            one(picture, &path, &lines, &known).map_err(|fault| format!("{}: {fault}", path.display()))?;
        }
    }
    Ok(())
}

/// A figure over its sizes, smallest first.
fn points(measured: &[Measured], row: &str, figure: &str) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = measured
        .iter()
        .filter(|m| m.what == row)
        .filter_map(|m| Some((m.size, m.figures[figure]["value"].as_f64()?)))
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}

fn one(
    picture: &Picture,
    path: &Path,
    lines: &[(&str, Vec<(f64, f64)>)],
    known: &[(f64, f64)],
) -> Result<(), Box<dyn std::error::Error>> {
    let ends = |value: fn(&(f64, f64)) -> f64, more: f64| {
        let all = known.iter().map(value).chain(std::iter::once(more));
        all.fold((f64::MAX, 0.0_f64), |(least, most), v| (least.min(v), most.max(v)))
    };
    let across = ends(|p| p.0, known[0].0);
    let up = ends(|p| p.1, picture.reach);
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(picture.title, (FONT, 18))
        .margin(14)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d((across.0 / 1.2..across.1 * 1.2).log_scale(), (up.0 / 1.5..up.1 * 8.0).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .x_labels(4)
        .y_labels(5)
        .x_desc("reports")
        .y_desc(picture.unit)
        .x_label_formatter(&|v| thousands(*v))
        .y_label_formatter(&|v| thousands(*v))
        .label_style((FONT, 13))
        .draw()?;
    let reach = [across.0 / 1.2, across.1 * 1.2].map(|x| (x, picture.reach));
    chart
        .draw_series(DashedLineSeries::new(reach, 6, 4, BLACK.stroke_width(1)))?
        .label(format!("to reach: {} {}", thousands(picture.reach), picture.unit))
        .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], BLACK));
    for (n, (name, points)) in lines.iter().enumerate() {
        let colour = COLOURS[n % COLOURS.len()];
        chart
            .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))?
            .label(*name)
            .legend(move |at| mark(n, (at.0 + 9, at.1), colour));
        chart.draw_series(points.iter().map(|point| mark(n, *point, colour)))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .border_style(RGBColor(200, 200, 200))
        .label_font((FONT, 13))
        .draw()?;
    root.present()?;
    Ok(())
}

/// The mark of the n-th line, so that colour is not the only sign.
fn mark<At, DB>(n: usize, at: At, colour: RGBColor) -> DynElement<'static, DB, At>
where
    At: Clone + 'static,
    DB: DrawingBackend,
{
    match n % 4 {
        0 => Circle::new(at, 5, colour.filled()).into_dyn(),
        1 => TriangleMarker::new(at, 6, colour.filled()).into_dyn(),
        2 => Cross::new(at, 5, colour.stroke_width(2)).into_dyn(),
        _ => Circle::new(at, 5, colour.stroke_width(2)).into_dyn(),
    }
}

/// A number of an axis: `20`, `5 k`, `1 M`.
fn thousands(value: f64) -> String {
    match value {
        v if v >= 1e6 => format!("{} M", v / 1e6),
        v if v >= 1e3 => format!("{} k", v / 1e3),
        v => format!("{}", (v * 100.0).round() / 100.0),
    }
}
