//! Reading ahead: the next piece is made while the one before is written.

use crate::Refused;
use std::sync::mpsc::sync_channel;

/// Goes through pieces in their order. Another thread makes them, at most one ahead of those that
/// wait; it ends with the first piece that could not be made, or when `each` fails.
///
/// # Errors
/// The first of either.
pub fn ahead<T: Send>(
    pieces: impl Iterator<Item = Result<T, Refused>> + Send,
    mut each: impl FnMut(T) -> Result<(), Refused>,
) -> Result<(), Refused> {
    let (give, taken) = sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for piece in pieces {
                let is_last = piece.is_err();
                if give.send(piece).is_err() || is_last {
                    return;
                }
            }
        });
        taken.into_iter().try_for_each(|piece| each(piece?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Diagnostic;
    use base::codes::run;

    fn refused() -> Refused {
        vec![Diagnostic::new(&run::BAD_OPTION, "here it ends")]
    }

    #[test]
    fn pieces_come_in_order_up_to_the_first_that_could_not_be_made() {
        let mut seen = Vec::new();
        let pieces = (0..9).map(|it| if it == 5 { Err(refused()) } else { Ok(it) });
        let result = ahead(pieces, |it| {
            seen.push(it);
            Ok(())
        });
        assert_eq!((seen, result), (vec![0, 1, 2, 3, 4], Err(refused())));
    }

    #[test]
    fn nothing_is_read_on_once_a_piece_could_not_be_written() {
        let result = ahead((0..).map(Ok), |it| if it == 3 { Err(refused()) } else { Ok(()) });
        assert_eq!(result, Err(refused()));
    }
}
