//! Every page in every language, as files in a folder: `cargo run -p idp-web --example gallery -- <folder>`.
//!
//! `index.html` lists them; `policies.json` has the policy of each, for a server that wants to send it.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use idp_web::pages::{Locale, STYLESHEET, stylesheet_path};

#[path = "../tests/pages/samples.rs"]
mod samples;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("usage: gallery <folder>")?);
    fs::create_dir_all(folder.join("assets"))?;
    fs::write(folder.join(stylesheet_path().trim_start_matches('/')), STYLESHEET)?;

    let mut index = String::from("<!doctype html>\n<meta charset=utf-8>\n<title>Gallery</title>\n<ul>\n");
    let mut policies = BTreeMap::new();
    for locale in Locale::ALL {
        for page in samples::pages(locale, None)? {
            let file = format!("{}.{}.html", page.name, locale.tag());
            fs::write(folder.join(&file), &page.html)?;
            index.push_str(&format!("<li><a href=\"{file}\">{file}</a>\n"));
            policies.insert(file, page.csp.to_string());
        }
    }
    fs::write(folder.join("index.html"), index)?;
    fs::write(folder.join("policies.json"), serde_json::to_string_pretty(&policies)?)?;
    Ok(())
}
