//! What should hold of a pack but need not.

use crate::expr::{Expr, Node};
use crate::model::{Indicator, Pack, SeverityRule};
use crate::raw::Sink;
use base::codes::pack as codes;
use base::{Diagnostic, Place};
use std::collections::BTreeSet;

/// Reports things that nothing uses, and rules whose edge no example shows.
pub(crate) fn run(pack: &Pack, sink: &Sink) {
    let (mut attributes, mut parameters) = (BTreeSet::new(), BTreeSet::new());
    let mut note = |expr: &Expr| {
        expr.walk(&mut |it| match it.node {
            Node::Attribute(index) => _ = attributes.insert(index),
            Node::Parameter(index) => _ = parameters.insert(index),
            _ => {}
        });
    };
    pack.indicators.iter().flat_map(Indicator::expressions).for_each(&mut note);
    pack.triggers.iter().for_each(|it| note(&it.when));
    for indicator in &pack.indicators {
        if let SeverityRule::Anchors(anchors) | SeverityRule::Steps(anchors) = &indicator.severity {
            anchors.iter().for_each(|it| note(&it.bound));
        }
    }
    for (index, attribute) in pack.attributes.iter().enumerate() {
        // A sensitive attribute is there to report by.
        if !attributes.contains(&index) && !attribute.is_sensitive {
            not_used(sink, "attribute", &attribute.id, attribute.place.clone());
        }
    }
    for (index, parameter) in pack.parameters.iter().enumerate() {
        if !parameters.contains(&index) {
            not_used(sink, "parameter", &parameter.id, parameter.place.clone());
        }
    }
    let file = Place::file("dimensions.toml");
    for (index, dimension) in pack.dimensions.iter().enumerate() {
        if !pack.indicators.iter().any(|it| it.dimension == index) {
            not_used(sink, "dimension", &dimension.id, file.clone());
        }
    }
    for (index, module) in pack.modules.iter().enumerate() {
        if !pack.dimensions.iter().any(|it| it.module == Some(index)) {
            not_used(sink, "module", &module.id, file.clone());
        }
    }
    let rules = pack.indicators.iter().map(|it| (&it.id, &it.place, it.examples.len()));
    let triggers = pack.triggers.iter().map(|it| (&it.id, &it.place, it.examples.len()));
    for (id, place, _) in rules.chain(triggers).filter(|it| it.2 < 2) {
        let message = format!("`{id}` has fewer than two examples");
        let finding = Diagnostic::new(&codes::FEW_EXAMPLES, message).at(place.clone());
        sink.report(finding.hint("add one exactly at the line and one a unit beside it"));
    }
}

fn not_used(sink: &Sink, what: &str, id: &str, place: Place) {
    let message = format!("the {what} `{id}` is not used by any rule");
    let finding = Diagnostic::new(&codes::NOT_USED, message).at(place);
    sink.report(finding.hint("take it out, or write the rule that needs it"));
}
