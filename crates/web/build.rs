//! Says in one sentence what is missing when the npm files that are embedded are not there yet.
//! It downloads nothing: `make demo` and `make test` run `npm ci` before building.

use std::path::Path;

/// One file of each package; the full list stands in `src/assets.rs`.
const NEEDED: [&str; 4] = [
    "htmx.org/dist/htmx.min.js",
    "echarts/dist/echarts.min.js",
    "@tabler/core/dist/css/tabler.min.css",
    "weui/dist/style/weui.min.css",
];

fn main() {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../node_modules");
    for file in NEEDED {
        let path = modules.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        if !path.exists() {
            println!(
                "cargo::error=node_modules/{file} is missing: run `npm ci --ignore-scripts` in the \
                 repository's root (or `make setup`), then build again"
            );
        }
    }
    println!("cargo::rerun-if-changed=../../locales");
}
