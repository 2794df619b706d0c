//! What columns of a file may hold, and how people call it in both languages.

use super::request::Kind;
use crate::assess::fact_spec;
use monitor::facts::{AREA, SITE};
use pack::{Attribute, AttributeType, Pack};
use tables::ColumnKind;

/// Something that a column may hold.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name in mappings: of a column, or the code of a fact.
    pub name: String,
    /// Its name for people, English and Chinese.
    pub label: (String, String),
    /// Other names that columns have which hold it.
    pub names: Vec<String>,
    /// What its cells are.
    pub kind: ColumnKind,
    /// Whether a file without it is refused.
    pub is_required: bool,
    /// Whether each of its cells becomes a fact of this name.
    pub is_fact: bool,
    /// Whether only the latest fact of this name counts, however old it is.
    pub is_lasting: bool,
    /// Whether it says who somebody is: it goes into the registry and becomes no fact.
    pub is_person: bool,
}

/// Reserved columns: name, English, Chinese, other names.
const RESERVED: &[(&str, &str, &str, &[&str])] = &[
    ("household_id", "household", "户编号", &["hhid", "household", "户号", "家庭编号", "户编码"]),
    ("member_id", "member", "成员编号", &["person_id", "individual_id", "人员编号", "人编号"]),
    ("site_id", "settlement site", "安置点编号", &["site", "安置点"]),
    ("date", "date", "日期", &["observed_on", "观测日期", "登记日期", "采集日期"]),
    ("source", "source", "来源", &["数据来源", "data_source"]),
    ("fact_id", "fact id", "事实编号", &["id", "编号", "流水号"]),
    ("fact", "fact code", "事实代码", &["指标代码", "事项代码", "code"]),
    ("value", "value", "值", &["数值", "取值"]),
    ("valid_from", "first day", "开始日期", &["from", "起始日期", "生效日期"]),
    ("valid_to", "last day", "结束日期", &["to", "截止日期", "失效日期"]),
    ("recorded_at", "learned at", "记录时间", &["登记时间", "录入时间"]),
    ("supersedes", "corrects", "更正", &["更正的事实"]),
    ("reason", "reason of the correction", "更正原因", &["reason_of_correction", "更正理由"]),
];

/// Columns that say who members are: name, English, Chinese, other names.
const PEOPLE: &[(&str, &str, &str, &[&str])] = &[
    ("household_code", "household code", "户码", &[]),
    ("name", "name", "姓名", &["full_name"]),
    ("sex", "sex", "性别", &["gender"]),
    ("birth_date", "date of birth", "出生日期", &["date_of_birth", "出生年月日"]),
    ("birth_place", "place of birth", "出生地", &[]),
    ("relation", "relation to the head", "与户主关系", &["relation"]),
    ("person_status", "status of the person", "人员状态", &[]),
    ("identity_scheme", "kind of document", "证件类型", &[]),
    (
        "identity_number",
        "identity number",
        "证件号码",
        &["身份证号", "身份证号码", "公民身份号码", "id_number"],
    ),
    ("phone", "telephone", "联系电话", &["手机号", "手机号码", "phone_number"]),
    ("bank_account", "bank account", "银行账号", &["银行卡号"]),
    ("health_note", "health note", "健康备注", &[]),
];

fn reserved(name: &str, kind: ColumnKind, is_required: bool) -> Target {
    let found = RESERVED.iter().find(|it| it.0 == name);
    let (_, en, zh, names) = found.copied().unwrap_or((name, name, name, &[]));
    Target {
        name: name.to_owned(),
        label: (en.to_owned(), zh.to_owned()),
        names: names.iter().map(|it| (*it).to_owned()).collect(),
        kind,
        is_required,
        is_fact: false,
        is_lasting: false,
        is_person: false,
    }
}

fn text() -> ColumnKind {
    ColumnKind::Text { categories: Vec::new() }
}

/// Everything that columns of a kind of file may hold.
pub fn targets(pack: &Pack, kind: Kind) -> Vec<Target> {
    match kind {
        Kind::Facts => {
            let columns = fact_spec().columns.into_iter();
            columns.map(|it| reserved(&it.name, it.kind, it.is_required)).collect()
        }
        Kind::Households | Kind::Members => wide(pack, kind),
        Kind::Areas => areas(),
    }
}

/// Columns of areas: name, English, Chinese, other names.
const AREAS: &[(&str, &str, &str, &[&str])] = &[
    ("code", "area code", "区划代码", &["area_code", "行政区划代码"]),
    ("level", "level", "级别", &["层级"]),
    ("name", "name", "名称", &["区划名称"]),
    ("name_en", "name in English", "英文名称", &[]),
    ("name_zh", "name in Chinese", "中文名称", &[]),
    ("parent", "parent", "上级代码", &["parent_code"]),
    ("valid_from", "first day", "开始日期", &[]),
    ("valid_to", "last day", "结束日期", &[]),
];

fn areas() -> Vec<Target> {
    let target = |(name, en, zh, names): &(&str, &str, &str, &[&str])| Target {
        name: (*name).to_owned(),
        label: ((*en).to_owned(), (*zh).to_owned()),
        names: names.iter().map(|it| (*it).to_owned()).collect(),
        kind: match *name {
            "code" => ColumnKind::Key,
            "level" => ColumnKind::Number { min: Some(1.0), max: Some(12.0) },
            "valid_from" | "valid_to" => ColumnKind::Date,
            _ => text(),
        },
        is_required: *name == "code",
        is_fact: false,
        is_lasting: false,
        is_person: false,
    };
    AREAS.iter().map(target).collect()
}

fn wide(pack: &Pack, kind: Kind) -> Vec<Target> {
    let mut targets = vec![reserved("household_id", ColumnKind::HouseholdId, true)];
    let place = |name: &str, en: &str, zh: &str, names: &[&str]| Target {
        label: (en.to_owned(), zh.to_owned()),
        names: names.iter().map(|it| (*it).to_owned()).collect(),
        is_fact: true,
        is_lasting: true,
        ..reserved(name, text(), false)
    };
    if kind == Kind::Members {
        targets.push(reserved("member_id", ColumnKind::Key, true));
    } else {
        let names = ["area_code", "area", "行政区划代码", "区划代码", "地区代码", "村编码"];
        targets.push(place(AREA, "area", "行政区划", &names));
        let names = ["site_id", "site", "安置点编号"];
        targets.push(place(SITE, "settlement site", "安置点", &names));
    }
    targets.push(reserved("date", ColumnKind::Date, false));
    targets.push(reserved("source", text(), false));
    let wanted = match kind {
        Kind::Members => pack::Subject::Member,
        _ => pack::Subject::Household,
    };
    for attribute in &pack.attributes {
        let Some(from) = attribute.from.as_ref().filter(|it| it.subject == wanted) else {
            continue;
        };
        let known = targets.iter_mut().find(|it| it.name == from.fact);
        match known {
            Some(known) => known.names.extend(names_of(attribute)),
            None => targets.push(of(attribute, from)),
        }
    }
    if kind == Kind::Members {
        targets.extend(people());
    }
    targets
}

fn people() -> impl Iterator<Item = Target> {
    PEOPLE.iter().map(|(name, en, zh, names)| Target {
        label: ((*en).to_owned(), (*zh).to_owned()),
        names: names.iter().map(|it| (*it).to_owned()).collect(),
        is_person: true,
        ..reserved(name, if *name == "birth_date" { ColumnKind::Date } else { text() }, false)
    })
}

fn names_of(attribute: &Attribute) -> Vec<String> {
    let labels = attribute.label.0.iter().map(|it| it.1.clone());
    std::iter::once(attribute.id.clone()).chain(labels).chain(attribute.columns.clone()).collect()
}

fn of(attribute: &Attribute, from: &pack::FromFacts) -> Target {
    let kind = match &attribute.ty {
        // What is counted over members is a number in the panel and a text of each of them.
        _ if !from.matching.is_empty() => text(),
        _ if matches!(from.take, pack::Take::Count | pack::Take::Any) => text(),
        AttributeType::Number { .. } if from.kind != pack::FactKind::State => {
            ColumnKind::Number { min: None, max: None }
        }
        AttributeType::Number { min, max, .. } => ColumnKind::Number { min: *min, max: *max },
        AttributeType::Boolean => ColumnKind::Boolean,
        AttributeType::Text { categories } => {
            ColumnKind::Text { categories: categories.iter().map(|it| it.value.clone()).collect() }
        }
    };
    let is_state = from.kind == pack::FactKind::State && from.take == pack::Take::Latest;
    let label = |language: &str| attribute.label.get(language).to_owned();
    Target {
        name: from.fact.clone(),
        label: (label("en"), label("zh")),
        names: names_of(attribute),
        kind,
        is_required: false,
        is_fact: true,
        is_lasting: is_state
            && attribute.freshness_periods.is_none()
            && from.window_periods.is_none(),
        is_person: false,
    }
}
