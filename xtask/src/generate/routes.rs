//! The routes, read from the source of the router: its calls of `route` and `merge`, and the comments that stand above
//! them. What this module does not understand is an error, so that no route can be missing from the page unnoticed.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use syn::visit::{self, Visit};

const ROUTER: &str = "crates/idp-server/src/router.rs";
/// What the router merges, by the name it is called there, where that is laid out, and where its paths are named.
const MERGED: [(&str, &str, &str); 2] = [
    ("sign_in", "crates/idp-signin/src/routes.rs", "crates/idp-signin/src/path.rs"),
    ("graph", "crates/idp-graph/src/routes.rs", "crates/idp-graph/src/routes.rs"),
];
/// The operators' listener, which has no router: a match over the path.
const OPERATORS: &str = "crates/idp-server/src/ops/endpoints.rs";

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

const HEAD: &str = "# Routes\n\n\
    `{tenant}` is a tenant's id, one of its domains, `common`, `organizations` or `consumers`. Letter case and doubled \
    slashes in a path do not matter. Where GET is answered and HEAD is not listed, HEAD is answered too; where it is \
    listed, it is refused, because GET would change something.\n";
const TABLE: &str = "| Path | Methods | Handler |\n|---|---|---|\n";

/// A file without the documentation that may only stand at its beginning.
fn code_of(source: &str) -> String {
    source.lines().filter(|line| !line.starts_with("//!")).map(|line| format!("{line}\n")).collect()
}

/// One call of `route`.
#[derive(Debug, PartialEq, Eq)]
struct Route {
    line: usize,
    path: String,
    methods: Vec<String>,
    handler: String,
}

/// The page.
pub(super) fn page(root: &Path) -> Result<String> {
    let read =
        |path: &str| fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"));
    let source = read(ROUTER)?;
    let mut laid_out = LaidOut::read(&source).context(ROUTER)?;
    for (line, name) in std::mem::take(&mut laid_out.merged) {
        let Some((_, path, names)) = MERGED.iter().find(|(known, ..)| *known == name) else {
            bail!("{ROUTER} merges `{name}`: say in {} where that is laid out", file!());
        };
        let constants = if path == names { String::new() } else { code_of(&read(names)?) };
        let inner = LaidOut::read(&(read(path)? + &constants)).context(*path)?;
        if !inner.merged.is_empty() {
            bail!("{path} merges something itself: teach {}", file!());
        }
        laid_out.routes.extend(inner.routes.into_iter().map(|route| Route { line, ..route }));
    }
    // Stable, so that what was merged on one line keeps its own order.
    laid_out.routes.sort_by_key(|route| route.line);

    let mut page = HEAD.to_owned();
    let mut heading = None;
    for route in &laid_out.routes {
        let above = heading_above(&source, route.line).unwrap_or_else(|| "Others".to_owned());
        if heading.as_ref() != Some(&above) {
            let _ = write!(page, "\n## {above}\n\n{TABLE}");
            heading = Some(above);
        }
        let Route { path, methods, handler, .. } = route;
        let _ = writeln!(page, "| `{path}` | {} | `{handler}` |", methods.join(", "));
    }
    page +=
        "\n## On the operators' listener\n\nPlain HTTP, at the address of the setting `metrics` alone.\n\n";
    page += "| Path | Methods |\n|---|---|\n";
    for path in paths_matched(&read(OPERATORS)?)? {
        let _ = writeln!(page, "| `{path}` | GET |");
    }
    Ok(page)
}

/// The last comment above a line of the router: the heading that its routes stand under there.
fn heading_above(source: &str, line: usize) -> Option<String> {
    let above: Vec<_> = source.lines().take(line.saturating_sub(1)).collect();
    above.iter().rev().find_map(|line| line.trim().strip_prefix("// ")).map(str::to_owned)
}

/// What a file adds to a router.
#[derive(Default)]
struct LaidOut {
    routes: Vec<Route>,
    merged: Vec<(usize, String)>,
    constants: HashMap<String, String>,
    problem: Option<String>,
}

impl LaidOut {
    fn read(source: &str) -> Result<Self> {
        let file = syn::parse_file(source)?;
        let mut laid_out = Self::default();
        // Functions of the file itself are parts of one router.
        let own = |item: &syn::Item| match item {
            syn::Item::Fn(function) => Some(function.sig.ident.to_string()),
            _ => None,
        };
        let own: Vec<_> = file.items.iter().filter_map(own).collect();
        Constants(&mut laid_out.constants).visit_file(&file);
        laid_out.visit_file(&file);
        if let Some(problem) = laid_out.problem {
            bail!(problem);
        }
        laid_out.merged.retain(|(_, name)| !own.contains(name));
        if laid_out.routes.is_empty() {
            bail!("there are no routes in it");
        }
        laid_out.routes.sort_by_key(|route| route.line);
        Ok(laid_out)
    }

    fn route(&mut self, line: usize, arguments: &[&syn::Expr]) -> Result<(), String> {
        let [path, handlers] = arguments else {
            return Err(format!("line {line}: `route` takes two arguments"));
        };
        let path = match path {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            syn::Expr::Path(path) => last_of(path).and_then(|name| self.constants.get(&name).cloned()),
            _ => None,
        };
        let path = path
            .ok_or_else(|| format!("line {line}: the path is neither a text nor a constant of the file"))?;
        let (mut methods, mut handler) = (Vec::new(), None);
        let mut rest: &syn::Expr = handlers;
        loop {
            let (name, arguments, before) = match rest {
                syn::Expr::MethodCall(call) => {
                    (Some(call.method.to_string()), &call.args, Some(&*call.receiver))
                }
                syn::Expr::Call(syn::ExprCall { func, args, .. }) => (name_of(func), args, None),
                _ => return Err(format!("line {line}: the handlers are not understood")),
            };
            match name.as_deref() {
                Some("fallback") => {}
                Some(method) if METHODS.contains(&method) => {
                    methods.push(method.to_uppercase());
                    handler = arguments.first().and_then(path_of);
                }
                name => return Err(format!("line {line}: {name:?} is no method")),
            }
            match before {
                Some(before) => rest = before,
                None => break,
            }
        }
        methods.reverse();
        let handler = handler.ok_or_else(|| format!("line {line}: the handler has no name"))?;
        self.routes.push(Route { line, path, methods, handler });
        Ok(())
    }
}

impl<'ast> Visit<'ast> for LaidOut {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let line = call.method.span().start().line;
        let arguments: Vec<_> = call.args.iter().collect();
        let outcome = match call.method.to_string().as_str() {
            "route" => self.route(line, &arguments),
            "merge" => match arguments.as_slice() {
                [syn::Expr::Call(syn::ExprCall { func, .. })] if name_of(func).is_some() => {
                    self.merged.push((line, name_of(func).unwrap_or_default()));
                    Ok(())
                }
                _ => Err(format!("line {line}: what is merged is not a call by name")),
            },
            "nest" | "nest_service" | "route_service" => {
                Err(format!("line {line}: `{}` is not understood", call.method))
            }
            _ => Ok(()),
        };
        if let Err(problem) = outcome {
            self.problem.get_or_insert(problem);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.ident != "tests" {
            visit::visit_item_mod(self, module);
        }
    }
}

/// The constants of a file that are texts.
struct Constants<'a>(&'a mut HashMap<String, String>);

impl<'ast> Visit<'ast> for Constants<'_> {
    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &*item.expr {
            self.0.insert(item.ident.to_string(), text.value());
        }
    }
}

/// The paths that a match compares with, in their order.
fn paths_matched(source: &str) -> Result<Vec<String>> {
    struct Arms(Vec<String>);
    impl<'ast> Visit<'ast> for Arms {
        fn visit_pat(&mut self, pattern: &'ast syn::Pat) {
            if let syn::Pat::Lit(syn::PatLit { lit: syn::Lit::Str(text), .. }) = pattern
                && text.value().starts_with('/')
            {
                self.0.push(text.value());
            }
            visit::visit_pat(self, pattern);
        }
    }
    let mut arms = Arms(Vec::new());
    arms.visit_file(&syn::parse_file(source)?);
    if arms.0.is_empty() {
        bail!("{OPERATORS} matches no path");
    }
    Ok(arms.0)
}

fn name_of(function: &syn::Expr) -> Option<String> {
    if let syn::Expr::Path(path) = function { last_of(path) } else { None }
}

fn last_of(path: &syn::ExprPath) -> Option<String> {
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

fn path_of(expression: &syn::Expr) -> Option<String> {
    let syn::Expr::Path(path) = expression else { return None };
    let names: Vec<_> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    Some(names.join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    fn problem(router: &str) -> String {
        LaidOut::read(&format!("fn r() {{ {router}; }}")).err().unwrap().to_string()
    }

    #[test]
    fn a_route_is_its_path_its_methods_in_order_and_the_first_of_its_handlers() {
        let source = "mod path { const PICK: &str = \"/pick\"; }\nfn r() {\n    Router::new()\n        \
            .route(\"/{tenant}/a\", get(a::get).post(a::post).fallback(a::other))\n        \
            .route(path::PICK, post(pick::post))\n        .merge(more())\n}";
        let laid_out = LaidOut::read(source).unwrap();
        assert_eq!(laid_out.routes[0].path, "/{tenant}/a");
        assert_eq!(laid_out.routes[0].methods, ["GET", "POST"]);
        assert_eq!(laid_out.routes[0].handler, "a::get");
        assert_eq!((laid_out.routes[1].path.as_str(), laid_out.routes[1].line), ("/pick", 5));
        assert_eq!(laid_out.merged, [(6, "more".to_owned())]);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        assert!(problem("Router::new().nest(\"/a\", b())").contains("nest"));
        assert!(problem("Router::new().route(path(), get(a))").contains("neither a text nor a constant"));
        assert!(problem("Router::new().route(\"/a\", trace(a))").contains("no method"));
        assert!(problem("Router::new().route(\"/a\", any_of(a))").contains("no method"));
        assert!(problem("Router::new().merge(router)").contains("not a call by name"));
        assert!(problem("Router::new()").contains("no routes"));
    }

    #[test]
    fn the_heading_of_a_route_is_the_comment_above_it() {
        let source = "// One\na\nb\n    // Two\nc\n";
        assert_eq!(heading_above(source, 3).as_deref(), Some("One"));
        assert_eq!(heading_above(source, 5).as_deref(), Some("Two"));
        assert_eq!(heading_above(source, 1), None);
    }

    #[test]
    fn the_page_has_every_route_of_the_router() {
        let page = page(shell::root()).unwrap();
        for path in ["/{tenant}/oauth2/v2.0/token", "/signin/password", "/signout", "/metrics", "/readyz"] {
            assert!(page.contains(&format!("| `{path}` |")), "{path}: {page}");
        }
    }
}
