//! QR codes as vectors, for papers, posters and the wall. It does not know what an address means.

use qrcode::{Color, EcLevel, QrCode};

/// The most bytes printed: a version 10 code at level M, which a phone reads from paper at half a
/// millimetre per module.
pub const MAX_BYTES: usize = 213;

/// The text is too long for a code that a phone reads from paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes do not fit a printed code, which takes {MAX_BYTES}; shorten the address")]
pub struct TooLong {
    /// Length of the text.
    pub bytes: usize,
}

/// `text` as an SVG drawing at level M, with the quiet zone of four modules and a white ground.
/// The drawing has one unit per module and no fixed size.
///
/// # Errors
/// [`TooLong`] when the text has more than [`MAX_BYTES`] bytes.
pub fn svg(text: &str) -> Result<String, TooLong> {
    Ok(draw(text)?.0)
}

/// The drawing and its width in modules, quiet zone included.
pub(crate) fn draw(text: &str) -> Result<(String, usize), TooLong> {
    let too_long = TooLong { bytes: text.len() };
    if text.len() > MAX_BYTES {
        return Err(too_long);
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| too_long)?;
    const QUIET: usize = 4;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|c| **c == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    let side = width + 2 * QUIET;
    let drawing = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{path}"/></svg>"##
    );
    Ok((drawing, side))
}
