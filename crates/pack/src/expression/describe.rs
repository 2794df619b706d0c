//! A checked expression as text again.

use crate::expr::{Arithmetic, Compare, Expr, Node};
use crate::functions::{FUNCTIONS, WINDOWS, WindowFunction};
use crate::model::Pack;

/// The expression as a pack would write it, with every bracket.
pub fn describe(pack: &Pack, expr: &Expr) -> String {
    let of = |it: &Expr| describe(pack, it);
    let list = |items: &[Expr]| items.iter().map(of).collect::<Vec<_>>().join(", ");
    match &expr.node {
        Node::Number(it) => it.to_string(),
        Node::Boolean(it) => it.to_string(),
        Node::Text(it) => format!("'{}'", it.replace('\'', "''")),
        Node::Unknown => "NULL".to_owned(),
        Node::Attribute(it) => pack.attributes[*it].id.clone(),
        Node::Parameter(it) => pack.parameters[*it].id.clone(),
        Node::FactNumber => "fact_value".to_owned(),
        Node::FactText => "fact_text".to_owned(),
        Node::OwnValue => "value".to_owned(),
        Node::OwnSeverity => "severity".to_owned(),
        Node::Not(it) => format!("(NOT {})", of(it)),
        Node::Negate(it) => format!("(- {})", of(it)),
        Node::Arithmetic(operator, l, r) => {
            let sign = match operator {
                Arithmetic::Add => "+",
                Arithmetic::Subtract => "-",
                Arithmetic::Multiply => "*",
                Arithmetic::Divide => "/",
            };
            format!("({} {sign} {})", of(l), of(r))
        }
        Node::Compare(compare, l, r) => {
            let sign = match compare {
                Compare::Equal => "=",
                Compare::NotEqual => "<>",
                Compare::Less => "<",
                Compare::LessOrEqual => "<=",
                Compare::Greater => ">",
                Compare::GreaterOrEqual => ">=",
            };
            format!("({} {sign} {})", of(l), of(r))
        }
        Node::And(l, r) => format!("({} AND {})", of(l), of(r)),
        Node::Or(l, r) => format!("({} OR {})", of(l), of(r)),
        Node::IsUnknown(it) => format!("({} IS NULL)", of(it)),
        Node::InList(it, items) => format!("({} IN ({}))", of(it), list(items)),
        Node::Case { branches, otherwise } => {
            let branches = branches.iter();
            let whens =
                branches.map(|(when, then)| format!(" WHEN {} THEN {}", of(when), of(then)));
            let otherwise = otherwise.as_ref().map(|it| format!(" ELSE {}", of(it)));
            format!("CASE{}{} END", whens.collect::<String>(), otherwise.unwrap_or_default())
        }
        Node::Call(function, arguments) => {
            let name = FUNCTIONS.iter().find(|it| it.1 == *function).map_or("", |it| it.0);
            format!("{name}({})", list(arguments))
        }
        Node::Window { function, argument, periods, min_known } => {
            let name = WINDOWS.iter().find(|it| it.1 == *function).map_or("", |it| it.0);
            match function {
                WindowFunction::Lag => format!("{name}({}, {periods})", of(argument)),
                _ => format!("{name}({}, {periods}, {min_known})", of(argument)),
            }
        }
    }
}
