//! Systems of equations with a symmetric positive definite matrix, as small as a model's columns.

/// The lower triangle L of A = L·Lᵀ (Cholesky; Golub and Van Loan 2013, §4.2), row by row.
pub struct Triangle {
    size: usize,
    lower: Vec<f64>,
}

/// A pivot below this share of its diagonal element means that the column depends on others:
/// what is left of it is rounding.
const PIVOT_SHARE_MIN: f64 = 1e-11;

impl Triangle {
    /// Takes a matrix of `size` rows apart; only its lower half is read. The error is the first
    /// column that follows from those before it.
    pub fn of(matrix: &[f64], size: usize) -> Result<Self, usize> {
        let mut lower = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let done = 0..column;
                let product: f64 =
                    done.map(|it| lower[row * size + it] * lower[column * size + it]).sum();
                let rest = matrix[row * size + column] - product;
                lower[row * size + column] = if column < row {
                    rest / lower[column * size + column]
                } else if rest > PIVOT_SHARE_MIN * matrix[row * size + row] {
                    rest.sqrt()
                } else {
                    return Err(row);
                };
            }
        }
        Ok(Self { size, lower })
    }

    /// The x of A·x = `right`.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let size = self.size;
        let mut x = right.to_vec();
        for row in 0..size {
            let product: f64 = (0..row).map(|it| self.lower[row * size + it] * x[it]).sum();
            x[row] = (x[row] - product) / self.lower[row * size + row];
        }
        for row in (0..size).rev() {
            let product: f64 = (row + 1..size).map(|it| self.lower[it * size + row] * x[it]).sum();
            x[row] = (x[row] - product) / self.lower[row * size + row];
        }
        x
    }

    /// The diagonal of A⁻¹.
    pub fn inverse_diagonal(&self) -> Vec<f64> {
        let unit = |at: usize| (0..self.size).map(move |it| f64::from(u8::from(it == at)));
        (0..self.size).map(|at| self.solve(&unit(at).collect::<Vec<_>>())[at]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATRIX: [f64; 9] = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];

    #[test]
    fn a_solution_put_back_gives_the_right_side() {
        let right = [1.0, -2.0, 0.5];
        let x = Triangle::of(&MATRIX, 3).expect("positive definite").solve(&right);
        for row in 0..3 {
            let product: f64 = (0..3).map(|it| MATRIX[row * 3 + it] * x[it]).sum();
            assert!((product - right[row]).abs() < 1e-14);
        }
    }

    #[test]
    fn a_column_that_follows_from_another_is_named() {
        assert_eq!(Triangle::of(&[1.0, 2.0, 2.0, 4.0], 2).err(), Some(1));
    }
}
