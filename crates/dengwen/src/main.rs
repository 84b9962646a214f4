//! `dengwen`: the command line. It reads the configuration, opens the house and calls use cases;
//! it decides nothing itself. Every command says on failure what to do, and prints no reporter's
//! data, ever.
#![forbid(unsafe_code)]

mod cli;
mod commands;
mod config;
mod demo;
mod harden;
mod progress;
mod serve;
mod setup;
mod swap;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    harden::process();
    let level = std::env::var("DENGWEN_LOG").unwrap_or_else(|_| "warn,dengwen=info".to_owned());
    let filter = tracing_subscriber::EnvFilter::try_new(level).unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(fault) => {
            eprintln!("dengwen: the program could not start its threads: {fault}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("dengwen: {fault}");
            ExitCode::FAILURE
        }
    }
}
