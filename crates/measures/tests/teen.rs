//! Figures of the NLSY panel of teenage women, 1,151 persons in five waves, against reference
//! figures made in R from the same file.

mod shared;

use measures::calibrate::{Isotonic, Logistic, LogisticOptions};
use measures::skill::{Bins, Confusion, at_budget, auc, brier, calibration_table};
use measures::transitions::Transitions;
use shared::{Table, assert_close};

const LONG: &str = "teen_poverty_panel/teen_poverty_long.csv";
const REFERENCE: &str = "teen_poverty_panel/reference_backtest_year4_to_5.csv";
const COLUMNS: [&str; 7] = ["pov", "mother", "spouse", "inschool", "hours", "age", "black"];

/// Columns of one wave, persons in the file's order.
fn wave(table: &Table, year: &str) -> Vec<Vec<f64>> {
    let years = table.texts("year");
    let rows: Vec<usize> = (0..years.len()).filter(|it| years[*it] == year).collect();
    let column = |name: &&str| {
        let numbers = table.numbers(name);
        rows.iter().map(|row| numbers[*row].expect("no cell is empty")).collect()
    };
    COLUMNS.iter().map(column).collect()
}

fn waves() -> Option<Vec<Vec<Vec<f64>>>> {
    let table = Table::shared(LONG)?;
    Some(["1", "2", "3", "4", "5"].iter().map(|year| wave(&table, year)).collect())
}

fn poor(wave: &[Vec<f64>]) -> Vec<bool> {
    wave[0].iter().map(|it| *it > 0.5).collect()
}

#[test]
fn entry_and_stay_rates_are_the_reference_ones() {
    let Some(waves) = waves() else { return };
    let states: Vec<Vec<_>> =
        waves.iter().map(|it| poor(it).into_iter().map(Some).collect()).collect();
    let pairs = states.windows(2).map(|it| Transitions::of(&it[0], &it[1]).expect("one length"));
    let pairs: Vec<Transitions> = pairs.collect();
    let expected = [
        (0.28, 0.6209476309),
        (0.2673410405, 0.5490196078),
        (0.2591036415, 0.6018306636),
        (0.2432432432, 0.5647321429),
    ];
    for (found, (entry, stay)) in pairs.iter().zip(expected) {
        assert_close(found.entry_rate().expect("some not poor"), entry, 1e-9);
        assert_close(found.stay_rate().expect("some poor"), stay, 1e-9);
    }
    let all = pairs.into_iter().fold(Transitions::default(), Transitions::and);
    assert_eq!(all.matrix(), [[2108, 751], [728, 1017]]);
}

#[test]
fn saying_that_all_stays_as_it_is_has_the_reference_counts() {
    let Some(waves) = waves() else { return };
    let found = Confusion::of(&poor(&waves[3]), &poor(&waves[4])).expect("one length");
    let counts = [found.true_positives, found.false_positives, found.false_negatives];
    assert_eq!((counts, found.true_negatives), ([253, 195, 171], 532));
}

/// Waves put one below the other, column by column.
fn stacked(waves: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
    (0..COLUMNS.len()).map(|at| waves.iter().flat_map(|it| it[at].clone()).collect()).collect()
}

/// Fits on waves 1 to 3 against the poverty of the wave after each; gives wave 4's probabilities.
fn out_of_time(waves: &[Vec<Vec<f64>>]) -> Vec<f64> {
    let columns = stacked(&waves[..3]);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let events: Vec<bool> = waves[1..4].iter().flat_map(|it| poor(it)).collect();
    let fit = Logistic::fit(&columns, &events, LogisticOptions::default()).expect("an overlap");
    let persons = 0..waves[3][0].len();
    let row = |at: usize| waves[3].iter().map(|it| it[at]).collect::<Vec<_>>();
    persons.map(|at| fit.probability(&row(at))).collect()
}

#[test]
fn a_logistic_fit_on_three_waves_gives_the_fourth_the_probabilities_that_r_gave() {
    let (Some(waves), Some(reference)) = (waves(), Table::shared(REFERENCE)) else { return };
    let table = Table::shared(LONG).expect("it was there a moment ago");
    let (ids, years) = (table.texts("id"), table.texts("year"));
    let ids = (0..ids.len()).filter(|it| years[*it] == "4").map(|it| ids[it]);
    let mut found: Vec<_> = ids.zip(out_of_time(&waves)).collect();
    let mut expected: Vec<_> =
        reference.texts("id").into_iter().zip(reference.numbers("p")).collect();
    found.sort_by_key(|it| it.0);
    expected.sort_by_key(|it| it.0);
    assert_eq!(found.len(), expected.len());
    for ((id, found), (expected_id, expected)) in found.into_iter().zip(expected) {
        assert_eq!(id, expected_id);
        assert_close(found, expected.expect("no cell is empty"), 1e-11);
    }
}

#[test]
fn skill_on_the_fifth_wave_is_the_reference_one() {
    let Some(waves) = waves() else { return };
    let probabilities = out_of_time(&waves);
    let (now, events) = (poor(&waves[3]), poor(&waves[4]));
    let found = auc(&probabilities, &events).expect("two classes");
    assert_close(found.value, 0.7152065869, 1e-9);
    assert_close(brier(&probabilities, &events).expect("probabilities").value, 0.2005996246, 1e-9);
    let kept: Vec<usize> = (0..now.len()).filter(|it| !now[*it]).collect();
    let scores: Vec<f64> = kept.iter().map(|it| probabilities[*it]).collect();
    let events: Vec<bool> = kept.iter().map(|it| events[*it]).collect();
    let found = auc(&scores, &events).expect("two classes");
    assert_close(found.value, 0.586565097, 1e-9);
    assert_eq!((found.events + found.non_events, found.events), (703, 171));
    let warned = at_budget(&scores, &events, 70).expect("scores").counts;
    assert_eq!(warned.true_positives, 31);
}

#[test]
fn a_score_of_unit_weights_mapped_on_an_earlier_wave_is_calibrated_on_a_later_one() {
    let Some(waves) = waves() else { return };
    let score = |wave: &[Vec<f64>]| -> Vec<f64> {
        let hours = wave[4].iter().map(|it| f64::from(u8::from(*it == 0.0)));
        hours.enumerate().map(|(at, idle)| wave[0][at] + wave[1][at] - wave[2][at] + idle).collect()
    };
    let later = poor(&waves[4]);
    let scores = score(&waves[3]);
    assert_close(auc(&scores, &later).expect("two classes").value, 0.693962329, 1e-9);
    let fit = Isotonic::fit(&score(&waves[2]), &poor(&waves[3])).expect("scores");
    let probabilities: Vec<f64> = scores.iter().map(|it| fit.probability(*it)).collect();
    let rate = later.iter().filter(|it| **it).count() as f64 / later.len() as f64;
    let found = brier(&probabilities, &later).expect("probabilities").value;
    assert!(found < rate * (1.0 - rate), "{found} is no better than the base rate {rate}");
    let table = calibration_table(&probabilities, &later, Bins::EqualCount(5), 0.99);
    for bin in table.expect("probabilities") {
        let says = bin.mean_predicted;
        assert!(bin.interval.low <= says && says <= bin.interval.high, "{bin:?}");
    }
}
