//! Keys that say when they were written, as CloudConnexa names them: `FOLDER/YYYY-MM-DD-HH-MM-ID.jsonl.gz`, in
//! which `ID` has four letters or digits.

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// A key that says when it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dated<'a> {
    /// The text before the date: empty, or up to a slash.
    pub(crate) folder: &'a str,
    /// The time, in seconds since 1970, taken as UTC.
    pub(crate) time: i64,
}

impl<'a> Dated<'a> {
    /// Parses a key. Returns `None` if it has another form.
    pub(crate) fn parse(key: &'a str) -> Option<Self> {
        let start = key.rfind('/').map_or(0, |slash| slash + 1);
        let (folder, name) = key.split_at(start);
        let mut parts = name.strip_suffix(".jsonl.gz")?.split('-');
        let mut number = |digits: usize, range: std::ops::RangeInclusive<i64>| {
            let part = parts.next().filter(|part| part.len() == digits)?;
            let is_number = part.bytes().all(|digit| digit.is_ascii_digit());
            part.parse().ok().filter(|number| is_number && range.contains(number))
        };
        let (year, month, day) = (number(4, 2000..=9999)?, number(2, 1..=12)?, number(2, 1..=31)?);
        let (hour, minute) = (number(2, 0..=23)?, number(2, 0..=59)?);
        let is_id = |id: &str| id.len() == 4 && id.bytes().all(|letter| letter.is_ascii_alphanumeric());
        if !parts.next().is_some_and(is_id) || parts.next().is_some() {
            return None;
        }
        Some(Self { folder, time: days(year, month, day) * DAY + hour * 3600 + minute * 60 })
    }
}

/// Returns a time as the date that keys start with, `YYYY-MM-DD`. `None` if the year does not have four digits, or is before
/// 2000.
pub(crate) fn date(time: i64) -> Option<String> {
    let day = time.div_euclid(DAY);
    // Without leap days, the year is a few years late at most.
    let latest = 1970 + day / 365;
    let year = (latest - 10..=latest).rev().find(|year| days(*year, 1, 1) <= day)?;
    let month = (1..=12).rev().find(|month| days(year, *month, 1) <= day)?;
    let text = format!("{year:04}-{month:02}-{:02}", day - days(year, month, 1) + 1);
    (2000..=9999).contains(&year).then_some(text)
}

/// Returns the days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years start in March, so that the leap day is their last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests;
