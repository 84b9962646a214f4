//! Stories told on the real program: it is started as anyone would start it, and spoken to over
//! HTTP and its command line. On both databases where the store has a part in the story.

mod api;
mod city;
mod commands;
mod cycle;
mod demo;
mod ferry;
mod http;
mod roles;
mod secrecy;
mod tls;
mod witness;
