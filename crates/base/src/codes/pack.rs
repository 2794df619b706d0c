//! Codes of packs: what `check` can find.

use super::codes;
use crate::exit::REFUSED;

codes! {
    TOML_SYNTAX = "P001", "toml-syntax", Error, REFUSED, 422,
        "A file of the pack is not well-formed TOML";
    PACK_UNREADABLE = "P002", "pack-unreadable", Error, REFUSED, 404,
        "The folder of a pack, or a file in it, cannot be read";
    UNKNOWN_KEY = "P003", "unknown-key", Error, REFUSED, 422,
        "A file of the pack has a key that the format does not know";
    MISSING_KEY = "P004", "missing-key", Error, REFUSED, 422,
        "A file of the pack lacks a key that it must have";
    WRONG_TYPE = "P005", "wrong-type", Error, REFUSED, 422,
        "A value of the pack is of another type than its key asks for";
    BAD_VALUE = "P006", "bad-value", Error, REFUSED, 422,
        "A value of the pack is not one of those that its key allows";
    MISPLACED_FILE = "P007", "misplaced-file", Error, REFUSED, 422,
        "A file stands where the format has no place for it";
    DUPLICATE_ID = "P008", "duplicate-id", Error, REFUSED, 422,
        "Two things of one kind have the same id";
    UNKNOWN_NAME = "P009", "unknown-name", Error, REFUSED, 422,
        "A name refers to something that the pack does not have";
    LABEL_INCOMPLETE = "P010", "label-incomplete", Error, REFUSED, 422,
        "A label lacks one of the pack's languages";
    EXPRESSION_SYNTAX = "P011", "expression-syntax", Error, REFUSED, 422,
        "An expression cannot be parsed";
    EXPRESSION_REFUSED = "P012", "expression-refused", Error, REFUSED, 422,
        "An expression uses something that packs may not use";
    EXPRESSION_TYPE = "P013", "expression-type", Error, REFUSED, 422,
        "The types in an expression do not fit together";
    EXPRESSION_UNIT = "P014", "expression-unit", Error, REFUSED, 422,
        "The units in an expression do not fit together";
    ANCHORS_NOT_MONOTONE = "P015", "anchors-not-monotone", Error, REFUSED, 422,
        "Anchors do not rise or fall strictly from none to full";
    SEVERITY_RULE = "P016", "severity-rule", Error, REFUSED, 422,
        "An indicator has no severity rule, several, or one that lacks something";
    SENSITIVE_SCORED = "P017", "sensitive-scored", Error, REFUSED, 422,
        "A rule reads a sensitive attribute, which may be reported by and never scored on";
    EDGES_NOT_ASCENDING = "P018", "edges-not-ascending", Error, REFUSED, 422,
        "The edges of the bands do not ascend";
    BAD_EXAMPLE = "P019", "bad-example", Error, REFUSED, 422,
        "An example cannot be run or expects nothing";
    BAD_OVERLAY = "P020", "bad-overlay", Error, REFUSED, 422,
        "An overlay names a base that is not there, or removes what is not there";
    PARAMETER_TWICE = "P021", "parameter-twice", Error, REFUSED, 422,
        "A parameter has two values for the same area and start";
    NO_REFERENCE = "P022", "no-reference", Warning, 0, 200,
        "A rule or value names no source and does not say that it is a proposal";
    NOT_USED = "P023", "not-used", Warning, 0, 200,
        "An attribute, parameter, dimension or module is not used by anything";
    FEW_EXAMPLES = "P024", "few-examples", Warning, 0, 200,
        "A rule has fewer than two examples, so its edge is not shown from both sides";
    BAD_SHAPE = "P025", "bad-shape", Error, REFUSED, 422,
        "The shape of an identity number is no regular expression that can be used";
    MASK_SHOWS_TOO_MUCH = "P026", "mask-shows-too-much", Error, REFUSED, 422,
        "A mask leaves more of an identity number readable than any number may show";
}
