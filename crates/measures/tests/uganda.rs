//! Figures of the Uganda National Panel Survey, 2,157 households in three rounds, against
//! published means and reference figures made elsewhere from the same file.

mod shared;

use measures::poverty::{Welfare, fgt};
use measures::skill::{at_budget, auc, brier};
use measures::transitions::{Escapes, Transitions};
use measures::weighted_mean;
use shared::{Table, assert_close};
use std::collections::BTreeMap;

const FILE: &str = "uganda_unps_panel/panel_household_round.csv";
const REFERENCE: &str = "uganda_unps_panel/reference_backtest_2010_to_2011.csv";
/// 0.6 of the unweighted median of 2009.
const LINE: f64 = 17793.333567051177;

/// One round, households in order of id: consumption, survey weight, household size.
struct Round {
    consumption: Vec<f64>,
    weight: Vec<Option<f64>>,
    size: Vec<f64>,
}

impl Round {
    /// Rows with a survey weight: consumption, weight alone, and weight times household size.
    fn weighted(&self) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let rows = self.consumption.iter().zip(&self.weight).zip(&self.size);
        let rows = rows.filter_map(|((it, weight), size)| weight.map(|by| (*it, by, by * size)));
        let mut columns = (Vec::new(), Vec::new(), Vec::new());
        for (it, weight, persons) in rows {
            columns.0.push(it);
            columns.1.push(weight);
            columns.2.push(persons);
        }
        columns
    }

    fn poor(&self) -> Vec<bool> {
        self.consumption.iter().map(|it| *it < LINE).collect()
    }

    fn logarithms(&self) -> Vec<f64> {
        self.consumption.iter().map(|it| it.ln()).collect()
    }
}

fn rounds() -> Option<[Round; 3]> {
    let table = Table::shared(FILE)?;
    let (households, years) = (table.texts("id_hh"), table.texts("year"));
    let (consumption, size) = (table.numbers("cons_pae"), table.numbers("hhsize"));
    let weight = table.numbers("weight");
    let round = |year: &str| {
        let rows: BTreeMap<&str, usize> = (0..years.len())
            .filter(|it| years[*it] == year)
            .map(|it| (households[it], it))
            .collect();
        let pick = |from: &[Option<f64>]| {
            rows.values().map(|row| from[*row].expect("no cell is empty")).collect::<Vec<_>>()
        };
        Round {
            consumption: pick(&consumption),
            weight: rows.values().map(|row| weight[*row]).collect(),
            size: pick(&size),
        }
    };
    Some(["2009", "2010", "2011"].map(round))
}

#[test]
fn mean_consumption_is_the_published_one() {
    let Some(rounds) = rounds() else { return };
    let published = [36719.7681452008, 35972.0832497113, 35179.6213104909];
    for (round, expected) in rounds.iter().zip(published) {
        let (values, weights, _) = round.weighted();
        let found = weighted_mean(&values, Some(&weights), None).expect("fair numbers");
        assert_close(found.value, expected, 1e-9);
    }
}

#[test]
fn poverty_indices_are_the_reference_ones_with_and_without_weights() {
    let Some(rounds) = rounds() else { return };
    // In full digits from the same file; the reference table gives ten.
    let plain = [
        [0.16550764951321278, 0.03957571439652813, 0.014397307055129954],
        [0.17570700046360685, 0.042294855933450476, 0.01576367957283897],
        [0.17524339360222532, 0.04347586525451974, 0.01607924551935664],
    ];
    let of_persons = [
        [0.22206695811702162, 0.05541411995250898, 0.020153054585704485],
        [0.21457555282612187, 0.056010492635436594, 0.023164255659156866],
        [0.2280505113878165, 0.0640613568729853, 0.027220949430928572],
    ];
    for (at, round) in rounds.iter().enumerate() {
        let (values, _, persons) = round.weighted();
        let unweighted = Welfare::new(&round.consumption, LINE);
        let weighted = Welfare::new(&values, LINE).weighted(&persons);
        for (alpha, power) in [0.0, 1.0, 2.0].into_iter().enumerate() {
            let value = |it: &Welfare<'_>| fgt(it, power).expect("fair numbers").value;
            assert_close(value(&unweighted), plain[at][alpha], 1e-12);
            assert_close(value(&weighted), of_persons[at][alpha], 1e-12);
        }
    }
}

#[test]
fn moves_into_and_out_of_poverty_are_the_reference_counts() {
    let Some(rounds) = rounds() else { return };
    let [first, middle, last] =
        rounds.map(|it| it.poor().into_iter().map(Some).collect::<Vec<_>>());
    let matrix = |one: &[Option<bool>], other: &[Option<bool>]| {
        Transitions::of(one, other).expect("one length").matrix()
    };
    assert_eq!(matrix(&first, &middle), [[1571, 229], [207, 150]]);
    assert_eq!(matrix(&middle, &last), [[1552, 226], [227, 152]]);
    let escapes = Escapes::of(&first, &middle, &last).expect("one length");
    assert_eq!((escapes.escaped, escapes.relapsed, escapes.unknown_later), (207, 67, 0));
}

/// Keeps the rows of those not poor in 2010.
fn among_non_poor<T: Copy>(rows: &[T], poor: &[bool]) -> Vec<T> {
    rows.iter().zip(poor).filter(|it| !it.1).map(|it| *it.0).collect()
}

#[test]
fn areas_under_the_curve_are_the_reference_ones_and_the_trend_alone_is_worse_than_chance() {
    let (Some(rounds), Some(reference)) = (rounds(), Table::shared(REFERENCE)) else { return };
    let [before, now, later] = rounds;
    let (poor, events) = (now.poor(), later.poor());
    let (earlier, log) = (before.logarithms(), now.logarithms());
    let logistic = probabilities(&reference);
    let pair = |f: fn(f64, f64) -> f64| -> Vec<f64> {
        earlier.iter().zip(&log).map(|(one, other)| f(*one, *other)).collect()
    };
    let expected = [
        (logistic.clone(), 0.770728, 0.739545),
        (pair(|_, now| -now), 0.750219, 0.703611),
        (pair(|before, now| -(before + now) / 2.0), 0.769996, 0.742066),
        (pair(|before, now| before - now), 0.524442, 0.434079),
    ];
    for (scores, all, non_poor) in expected {
        let found = auc(&scores, &events).expect("two classes");
        assert_close(found.value, all, 1e-6);
        let kept = auc(&among_non_poor(&scores, &poor), &among_non_poor(&events, &poor));
        assert_close(kept.expect("two classes").value, non_poor, 1e-6);
    }
    let found = brier(&logistic, &events).expect("probabilities");
    assert_close(found.value, 0.124327, 1e-6);
}

fn probabilities(reference: &Table) -> Vec<f64> {
    let mut rows: Vec<_> =
        reference.texts("id_hh").into_iter().zip(reference.numbers("p_logit")).collect();
    rows.sort_by_key(|it| it.0);
    rows.into_iter().map(|it| it.1.expect("no cell is empty")).collect()
}

#[test]
fn a_tenth_of_the_non_poor_warned_hits_what_the_reference_hits() {
    let Some([before, now, later]) = rounds() else { return };
    let (poor, events) = (now.poor(), later.poor());
    let logs = before.logarithms().into_iter().zip(now.logarithms());
    let scores: Vec<f64> = logs.map(|(one, other)| -(one + other) / 2.0).collect();
    let (scores, events) = (among_non_poor(&scores, &poor), among_non_poor(&events, &poor));
    let budget = (scores.len() as f64 * 0.1).round() as usize;
    let found = at_budget(&scores, &events, budget).expect("scores");
    assert_eq!((found.counts.warned(), found.counts.true_positives), (178, 66));
    assert_eq!(found.counts.events(), 226);
    assert_eq!(found.tied_left, 0);
    assert_close(found.counts.precision().expect("some warned"), 0.370787, 1e-6);
    assert_close(found.counts.recall().expect("some fell"), 0.292035, 1e-6);
}
