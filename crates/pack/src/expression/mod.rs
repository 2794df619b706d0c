//! SQL text to a checked [`Expr`]: parsed with `sqlparser`, names resolved, types and units
//! compared. Findings point inside the text.

mod convert;
mod describe;

pub use describe::describe;

use crate::expr::{Expr, Type};
use crate::model::{Attribute, Parameter};
use crate::raw::{At, Sink, Source};
use base::codes::pack as codes;
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

/// Texts longer than this are no rule that a person could check.
const EXPRESSION_BYTES_MAX: usize = 4_000;
/// How deep brackets may nest.
const DEPTH_MAX: usize = 40;

/// What an expression may name.
pub(crate) struct Scope<'a> {
    /// The pack's attributes, sorted by id.
    pub(crate) attributes: &'a [Attribute],
    /// The pack's parameters, sorted by id.
    pub(crate) parameters: &'a [Parameter],
    /// Whether attributes may be named.
    pub(crate) with_attributes: bool,
    /// The type of `value` and whether `severity` may be named: key judgements.
    pub(crate) own: Option<Type>,
    /// Whether `fact_value` and `fact_text` may be named: triggers.
    pub(crate) with_fact: bool,
}

/// Reads an expression; `None` after reporting why not.
pub(crate) fn read(text: &str, at: &At, scope: &Scope<'_>, sink: &Sink) -> Option<Expr> {
    let refuse = |message: String, hint: &str| {
        sink.report(at.finding(&codes::EXPRESSION_SYNTAX, message).hint(hint));
    };
    let depth = text.chars().scan(0usize, |depth, it| {
        *depth = match it {
            '(' => *depth + 1,
            ')' => depth.saturating_sub(1),
            _ => *depth,
        };
        Some(*depth)
    });
    if text.len() > EXPRESSION_BYTES_MAX || depth.max().unwrap_or(0) > DEPTH_MAX {
        refuse(
            "the expression is too long or nested too deep".to_owned(),
            "divide it into indicators",
        );
        return None;
    }
    let dialect = GenericDialect {};
    let parser = Parser::new(&dialect).with_recursion_limit(DEPTH_MAX * 2).try_with_sql(text);
    let mut parser = match parser {
        Ok(parser) => parser,
        Err(error) => {
            refuse(plain(&error.to_string()), "look for an open quote or a stray character");
            return None;
        }
    };
    let parsed = match parser.parse_expr() {
        Ok(parsed) => parsed,
        Err(error) => {
            refuse(plain(&error.to_string()), "see the expression part of the pack format");
            return None;
        }
    };
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        let message = format!("`{}` was not expected after the expression", rest.token);
        refuse(message, "an indicator has one expression; join conditions with AND or OR");
        return None;
    }
    convert::Converter { text, at, scope, sink }.convert(&parsed)
}

/// Reads an expression that stands outside a pack, such as an outcome on the command line, over
/// given attributes and parameters. Gives a condition or a number; a number counts as true where
/// it is not 0.
pub fn read_condition(
    text: &str,
    shown: &str,
    attributes: &[Attribute],
    parameters: &[Parameter],
) -> Result<Expr, Vec<base::Diagnostic>> {
    let sink = Sink::default();
    // Quoted like a value of a pack, so that findings point at the same places.
    let source = Source::new(shown, &format!("\"{text}\""));
    let at = source.at(0..text.len() + 2);
    let scope =
        Scope { attributes, parameters, with_attributes: true, own: None, with_fact: false };
    match read(text, &at, &scope, &sink) {
        Some(expr) if expr.ty != Type::Text => Ok(expr),
        Some(_) => {
            let finding = at.finding(&codes::EXPRESSION_TYPE, "a condition is needed here");
            Err(vec![finding.hint("compare the text with something, for example = 'poor'")])
        }
        None => Err(sink.into_sorted()),
    }
}

/// The parser's message without its prefix.
fn plain(message: &str) -> String {
    message.replace("sql parser error: ", "")
}
