//! The web UI, out of the executable: files with their compressed forms, one page for every
//! address.
//!
//! Knows no route of the API: whatever begins like one is refused as before.

use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// Path and content of every file, in the order of paths; empty where the UI was not built.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/ui.rs"));

/// Said where the UI was not built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Holdfast</title>\
    <body><h1>Holdfast</h1><p>The server runs; its web UI was not built. \
    <code>cargo xtask web</code>, then build the executable again. \
    The API to try stands at <a href=\"/docs\">/docs</a>.</p>\
    <p lang=\"zh\">服务器正在运行,但网页界面尚未构建:请运行 <code>cargo xtask web</code> 后重新编译。</p>";

/// Addresses that are no pages.
const NO_PAGES: [&str; 5] = ["/api/", "/docs", "/openapi.json", "/metrics", "/assets/"];

/// A file of the UI, or its one page for the address of a page.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if method != Method::GET && method != Method::HEAD {
        return Problem::not_found("such address").into_response();
    }
    if let Some(response) = file(path, &headers) {
        return response;
    }
    if NO_PAGES.iter().any(|it| path.starts_with(it)) || !wants_page(&headers) {
        return Problem::not_found("such address").into_response();
    }
    file("/index.html", &headers).unwrap_or_else(|| page(NOT_BUILT))
}

/// A browser says that it takes pages; a program that mistyped an address gets its problem.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    accepted.is_some_and(|it| it.contains("text/html"))
}

fn content(path: &str) -> Option<&'static [u8]> {
    let found = FILES.binary_search_by_key(&path, |(name, _)| name).ok()?;
    FILES.get(found).map(|(_, bytes)| *bytes)
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let kind = kind(path)?;
    let plain = content(path)?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|it| it.to_str().ok());
    let packed = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(word, ending)| {
        let is_accepted = accepted?.split(',').any(|it| it.trim().split(';').next() == Some(word));
        is_accepted.then(|| content(&format!("{path}{ending}"))).flatten().map(|it| (word, it))
    });
    let mut response = Response::new(Body::from(packed.map_or(plain, |(_, bytes)| bytes)));
    // The names of assets change with their content; the page and the worker keep theirs.
    let kept = if path.starts_with("/assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut set = |name: HeaderName, value: &'static str| {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, kind);
    set(header::CACHE_CONTROL, kept);
    set(header::VARY, "accept-encoding");
    if let Some((word, _)) = packed {
        set(header::CONTENT_ENCODING, word);
    }
    Some(response)
}

fn page(text: &'static str) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::OK, kind, text).into_response()
}

/// What a file is, by its ending; compressed forms are served under the name of what they hold.
fn kind(path: &str) -> Option<&'static str> {
    let ending = path.rsplit_once('.')?.1;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}
