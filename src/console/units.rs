//! Values of flags: times, sizes, formats.

use crate::formats::Format;
use std::time::Duration;

/// `1`, `1s`, `500ms`, `2m`
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let seconds_per_unit = match unit {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        _ => return Err("a time is a number, alone or with `ms`, `s` or `m`".into()),
    };
    let number: f64 = number.parse().map_err(|_| "a time begins with a number, as in `500ms`".to_string())?;
    Duration::try_from_secs_f64(number * seconds_per_unit).map_err(|_| "this time is too long".into())
}

/// `2G`, `500M`, `64K`, `1000`
pub(crate) fn bytes(text: &str) -> Result<usize, String> {
    let (number, unit) = split(text);
    let power = match unit.trim_end_matches("iB").trim_end_matches(['B', 'b']).to_ascii_uppercase().as_str() {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err("a size is a number, alone or with K, M, G or T".into()),
    };
    let number: f64 = number.parse().map_err(|_| "a size begins with a number, as in `2G`".to_string())?;
    let bytes = number * f64::from(1_u32 << (power / 2)) * f64::from(1_u32 << (power / 2));
    if (1.0..1e18).contains(&bytes) { Ok(bytes as usize) } else { Err("this size is out of range".into()) }
}

/// `table`, `csv` and so on
pub(crate) fn format(name: &str) -> Result<Format, String> {
    Format::by_name(name).ok_or_else(|| {
        let names: Vec<&str> = Format::all().map(Format::name).collect();
        format!("formats are {}", names.join(", "))
    })
}

/// A time as people read it: `48 µs`, `0.3 ms`, `41 ms`, `2.1 s`, `3 min 5 s`.
pub(crate) fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match time.as_millis() {
        0 if time.as_micros() < 100 => format!("{} µs", time.as_micros()),
        0 => format!("{:.1} ms", seconds * 1e3),
        1..1000 => format!("{} ms", time.as_millis()),
        1000..60_000 => format!("{seconds:.1} s"),
        _ => format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60),
    }
}

/// A time as [`duration`] reads it.
pub(crate) fn spelled_duration(time: Duration) -> String {
    if time.subsec_millis() == 0 { format!("{}s", time.as_secs()) } else { format!("{}ms", time.as_millis()) }
}

/// A size as [`bytes`] reads it, to a tenth of its unit.
pub(crate) fn spelled_bytes(bytes: usize) -> String {
    let units = ["", "K", "M", "G", "T"];
    let power = (0..units.len()).rev().find(|power| bytes >> (10 * power) > 0).unwrap_or(0);
    let tenths = format!("{:.1}", bytes as f64 / (1_u64 << (10 * power)) as f64);
    format!("{}{}", tenths.trim_end_matches(".0"), units[power])
}

/// The number in front and the unit behind it.
fn split(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_have_units() {
        assert_eq!(duration("1"), Ok(Duration::from_secs(1)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(bytes("2G"), Ok(2 << 30));
        assert_eq!(bytes("1.5KiB"), Ok(1536));
        assert_eq!((spelled_bytes(2 << 30), spelled_bytes(1536)), ("2G".into(), "1.5K".into()));
        assert_eq!(spelled_duration(Duration::from_millis(1500)), "1500ms");
        for (millis, read) in [(41, "41 ms"), (2100, "2.1 s"), (185_000, "3 min 5 s")] {
            assert_eq!(elapsed(Duration::from_millis(millis)), read);
        }
        assert_eq!(elapsed(Duration::from_micros(310)), "0.3 ms");
        for wrong in ["", "-1", "NaN", "1h", "s", "1e30"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        for wrong in ["0", "-1", "1X", "", "G", "1e30", "99999999T"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
