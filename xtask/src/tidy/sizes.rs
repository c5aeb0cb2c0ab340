//! How long a file and a function may be, and that a module says what it is. Split a file because it says two things,
//! not to please this rule.

use syn::visit::{self, Visit};

use super::Finding;
use super::source::{Rust, Source};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 60;

pub(crate) fn check(file: &Source) -> Vec<Finding> {
    let Some(rust) = &file.rust else { return Vec::new() };
    let mut findings = Vec::new();
    let lines = file.text.lines().count();
    if lines > FILE_LINES {
        let advice =
            format!("{lines} lines, more than {FILE_LINES}: find the second thing it says and move it out");
        findings.push(Finding::new(&file.path, 1, "file-size", advice));
    }
    if !has_header(rust) {
        let advice = "open with `//!`: what this module owns, and what it does not";
        findings.push(Finding::new(&file.path, 1, "module-header", advice));
    }
    for Function { name, line, length } in functions(rust) {
        if length > FUNCTION_LINES {
            let advice = format!("`{name}` has {length} lines, more than {FUNCTION_LINES}: name its steps");
            findings.push(Finding::new(&file.path, line, "function-size", advice));
        }
    }
    findings
}

fn has_header(rust: &Rust) -> bool {
    let inner_doc = |attribute: &syn::Attribute| {
        matches!(attribute.style, syn::AttrStyle::Inner(_)) && attribute.path().is_ident("doc")
    };
    rust.syntax.attrs.iter().any(inner_doc)
}

struct Function {
    name: String,
    line: usize,
    /// From the signature to the closing brace; what is written above the function does not count.
    length: usize,
}

fn functions(rust: &Rust) -> Vec<Function> {
    let mut ruler = Ruler { functions: Vec::new() };
    ruler.visit_file(&rust.syntax);
    ruler.functions
}

struct Ruler {
    functions: Vec<Function>,
}

impl Ruler {
    fn measure(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let (first, last) = (signature.fn_token.span.start().line, body.brace_token.span.close().end().line);
        let length = last.saturating_sub(first) + 1;
        self.functions.push(Function { name: signature.ident.to_string(), line: first, length });
    }
}

impl<'ast> Visit<'ast> for Ruler {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.measure(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.measure(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.measure(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: String) -> Vec<(&'static str, usize)> {
        let file = Source::new("crates/a/src/lib.rs", text.into_bytes());
        check(&file).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    #[test]
    fn a_function_is_measured_from_its_signature_to_its_closing_brace() {
        let text = "//! A.\n/// Says\n/// much.\n#[inline]\npub fn f(\n    a: u8,\n) {\n    let _ = a;\n}\n";
        let file = Source::new("a.rs", text.into());
        let found = functions(file.rust.as_ref().unwrap());
        assert_eq!((found[0].name.as_str(), found[0].line, found[0].length), ("f", 5, 5));
    }

    #[test]
    fn functions_of_impls_traits_and_modules_are_measured_too() {
        let text =
            "struct S; impl S { fn a() {} } trait T { fn b() {} fn c(); } mod m { fn d() { fn e() {} } }";
        let file = Source::new("a.rs", text.into());
        let names: Vec<_> = functions(file.rust.as_ref().unwrap()).into_iter().map(|f| f.name).collect();
        assert_eq!(names, ["a", "b", "d", "e"]);
    }

    #[test]
    fn a_long_function_is_a_finding_where_it_starts() {
        let body = |lines: usize| format!("//! A.\n\nfn f() {{\n{}}}\n", "    g();\n".repeat(lines));
        assert!(rules(body(58)).is_empty(), "60 lines with its braces");
        assert_eq!(rules(body(59)), [("function-size", 3)]);
    }

    #[test]
    fn a_long_file_and_a_file_without_a_header_are_findings() {
        assert!(rules(format!("//! A.\n{}", "// more\n".repeat(499))).is_empty());
        assert_eq!(rules(format!("//! A.\n{}", "// more\n".repeat(500))), [("file-size", 1)]);
        assert_eq!(rules("// A.\nfn f() {}\n".to_owned()), [("module-header", 1)]);
    }
}
