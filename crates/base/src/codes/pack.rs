//! Codes of packs: what `check` can find.

use super::codes;
use crate::exit::REFUSED;

codes! {
    TOML_SYNTAX = "P001", "toml-syntax", Error, REFUSED, 422,
        "A file of the pack is not well-formed TOML";
    PACK_NOT_UTF8 = "P002", "pack-not-utf8", Error, REFUSED, 422,
        "A file of the pack is not UTF-8 text";
    PACK_TOO_LARGE = "P003", "pack-too-large", Error, REFUSED, 413,
        "A file of the pack, or the number of its files, is beyond what a pack may hold";
    PACK_UNREADABLE = "P004", "pack-unreadable", Error, REFUSED, 400,
        "The pack's folder or a file in it could not be read";
    FILE_MISSING = "P005", "file-missing", Error, REFUSED, 422,
        "A file that every pack has is not there";
    FILE_UNEXPECTED = "P006", "file-unexpected", Error, REFUSED, 422,
        "A file lies where no pack has one, so nothing would read it";
    UNKNOWN_KEY = "P007", "unknown-key", Error, REFUSED, 422,
        "A key is not one of those its table may have";
    MISSING_KEY = "P008", "missing-key", Error, REFUSED, 422,
        "A table lacks a key that it must have";
    WRONG_TYPE = "P009", "wrong-type", Error, REFUSED, 422,
        "A value has another type than its key asks for";
    UNKNOWN_CHOICE = "P010", "unknown-choice", Error, REFUSED, 422,
        "A value is not one of the words its key allows";
    NUMBER_OUT_OF_RANGE = "P011", "number-out-of-range", Error, REFUSED, 422,
        "A number lies outside the range its key allows, or is not finite";
    BAD_ID = "P012", "bad-id", Error, REFUSED, 422,
        "An id is not lower-case letters, digits and underscores, or is a reserved word";
    DUPLICATE_ID = "P013", "duplicate-id", Error, REFUSED, 422,
        "Two things of the pack have the same id";
    BAD_PERIOD = "P014", "bad-period", Error, REFUSED, 422,
        "A text is not a date or not a period of the pack's kind";
    BAD_UNIT = "P015", "bad-unit", Error, REFUSED, 422,
        "A text is not a unit of measure";
    LABEL_LANGUAGE = "P016", "label-language", Error, REFUSED, 422,
        "A label lacks one of the pack's languages or has one that the pack does not list";
    EMPTY_TEXT = "P017", "empty-text", Error, REFUSED, 422,
        "A text or a list that must say something is empty";
    KEY_OUT_OF_PLACE = "P018", "key-out-of-place", Error, REFUSED, 422,
        "A key has no meaning beside what else its table says";
    UNKNOWN_MODULE = "P019", "unknown-module", Error, REFUSED, 422,
        "A dimension names a module that the pack does not have";
    UNKNOWN_DIMENSION = "P020", "unknown-dimension", Error, REFUSED, 422,
        "An indicator names a dimension that the pack does not have";
    UNKNOWN_ATTRIBUTE = "P021", "unknown-attribute", Error, REFUSED, 422,
        "An example names an attribute that the pack does not have";
    WEIGHT_WITHOUT_MODULE = "P022", "weight-without-module", Error, REFUSED, 422,
        "A dimension outside every module has a weight, which would count nowhere";
    SEVERITY_RULE = "P023", "severity-rule", Error, REFUSED, 422,
        "An indicator has not exactly one of `anchors`, `steps`, `map` and `levels`";
    ANCHORS_INCOMPLETE = "P024", "anchors-incomplete", Error, REFUSED, 422,
        "Anchors or steps lack `none` or every colour";
    ANCHORS_NOT_MONOTONE = "P025", "anchors-not-monotone", Error, REFUSED, 422,
        "The bounds of anchors or steps do not strictly rise or strictly fall";
    BOUND_NOT_CONSTANT = "P026", "bound-not-constant", Error, REFUSED, 422,
        "A bound reads something else than numbers and parameters";
    SEVERITY_RULE_TYPE = "P027", "severity-rule-type", Error, REFUSED, 422,
        "The rule for the severity does not fit the type of the indicator's value";
    UNKNOWN_CATEGORY = "P028", "unknown-category", Error, REFUSED, 422,
        "A text is not one of the attribute's categories";
    KEY_WITHOUT_CONDITION = "P029", "key-without-condition", Error, REFUSED, 422,
        "A key judgement has no condition and its band has no severity of its own";
    BAND_EDGES = "P030", "band-edges", Error, REFUSED, 422,
        "The lowest composites of the bands do not rise from blue to red";
    CLEAN_WITHIN = "P031", "clean-within", Error, REFUSED, 422,
        "The periods searched for clean ones are not stated, or fewer than the clean ones asked for";
    MIN_KNOWN = "P032", "min-known", Error, REFUSED, 422,
        "More periods must be known than are looked at";
    BUDGET_SHAPE = "P033", "budget-shape", Error, REFUSED, 422,
        "A budget is neither a count nor a share, or both";
    AREA_LEVEL = "P034", "area-level", Error, REFUSED, 422,
        "The length of an area code is not one of the pack's area levels";
    PARAMETER_VALUE_TWICE = "P035", "parameter-value-twice", Error, REFUSED, 422,
        "A parameter has two values for the same area and start";
    PARAMETER_WITHOUT_VALUE = "P036", "parameter-without-value", Error, REFUSED, 422,
        "A parameter has no value";
    EXAMPLE_WITHOUT_EXPECTATION = "P037", "example-without-expectation", Error, REFUSED, 422,
        "An example says nothing about what must come out";
    EXAMPLE_VALUE = "P038", "example-value", Error, REFUSED, 422,
        "A value in an example does not fit what it stands for";
    FACTS_SHAPE = "P039", "facts-shape", Error, REFUSED, 422,
        "The way an attribute is made from facts does not fit its type or itself";
    SENSITIVE_ATTRIBUTE = "P040", "sensitive-attribute", Error, REFUSED, 422,
        "A rule reads a sensitive attribute, on which nobody may be scored";
    EXTENDS_UNREADABLE = "P041", "extends-unreadable", Error, REFUSED, 422,
        "The pack that an overlay extends is not at the path given";
    EXTENDS_CYCLE = "P042", "extends-cycle", Error, REFUSED, 422,
        "Overlays extend one another in a circle";
    REMOVES_UNKNOWN = "P043", "removes-unknown", Error, REFUSED, 422,
        "An overlay removes a file that the pack it extends does not have";
    EXPRESSION_SYNTAX = "P050", "expression-syntax", Error, REFUSED, 422,
        "An expression is not well-formed";
    EXPRESSION_TOO_DEEP = "P051", "expression-too-deep", Error, REFUSED, 422,
        "An expression is too long or nested too deep";
    EXPRESSION_UNSUPPORTED = "P052", "expression-unsupported", Error, REFUSED, 422,
        "An expression uses a part of SQL that packs do not have";
    UNKNOWN_NAME = "P053", "unknown-name", Error, REFUSED, 422,
        "An expression names what is neither an attribute nor a parameter";
    UNKNOWN_FUNCTION = "P054", "unknown-function", Error, REFUSED, 422,
        "An expression calls a function that is not in the table";
    AGGREGATE_REFUSED = "P055", "aggregate-refused", Error, REFUSED, 422,
        "An expression calls an aggregate, which would look at other households";
    WRONG_ARITY = "P056", "wrong-arity", Error, REFUSED, 422,
        "A function is called with too few or too many arguments";
    TYPE_MISMATCH = "P057", "type-mismatch", Error, REFUSED, 422,
        "Parts of an expression have types that do not go together";
    UNIT_MISMATCH = "P058", "unit-mismatch", Error, REFUSED, 422,
        "Numbers in different units are added, compared or put in each other's place";
    WINDOW_NOT_LITERAL = "P059", "window-not-literal", Error, REFUSED, 422,
        "A number of periods is not a whole number written out, or outside what is allowed";
    DIVISION_BY_ZERO = "P060", "division-by-zero", Error, REFUSED, 422,
        "An expression divides by a zero that is written out";
    COMPARISON_WITH_NULL = "P061", "comparison-with-null", Error, REFUSED, 422,
        "An expression compares with NULL, which is unknown whatever the other side is";
    NAME_OUT_OF_PLACE = "P062", "name-out-of-place", Error, REFUSED, 422,
        "A name has a meaning only in another kind of expression";
    NO_REFERENCE = "P080", "no-reference", Warning, 0, 200,
        "A value of the policy has no reference";
    LABEL_LONG = "P081", "label-long", Warning, 0, 200,
        "A label is longer than a table or a form can show";
    UNUSED_ATTRIBUTE = "P082", "unused-attribute", Note, 0, 200,
        "No rule reads an attribute";
    UNUSED_PARAMETER = "P083", "unused-parameter", Warning, 0, 200,
        "No rule reads a parameter";
    FEW_EXAMPLES = "P084", "few-examples", Warning, 0, 200,
        "A rule has fewer than two examples, so that no pair shows both sides of its line";
    EMPTY_DIMENSION = "P085", "empty-dimension", Warning, 0, 200,
        "A dimension has no indicator";
    EMPTY_MODULE = "P086", "empty-module", Warning, 0, 200,
        "A module has no dimension";
    ZERO_WEIGHT = "P087", "zero-weight", Warning, 0, 200,
        "A weight is zero, so that what it belongs to never counts";
    MAP_INCOMPLETE = "P088", "map-incomplete", Warning, 0, 200,
        "A map leaves out categories of the attribute it reads; their severity is unknown";
    ID_NOT_FOLDER = "P089", "id-not-folder", Warning, 0, 200,
        "The pack's id is not the name of its folder";
}
