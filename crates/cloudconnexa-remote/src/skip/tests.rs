//! Tests of lists without older days: against a list of everything, page by page.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::bucket::Bucket;

/// Keys, and when they were stored.
type Objects = BTreeMap<String, i64>;

/// 2026-11-28T00:00:00Z.
const SINCE: i64 = 1_795_824_000;

const HOUR: i64 = 3600;

fn key(folder: &str, time: i64, id: u64) -> String {
    let minutes = time.rem_euclid(DAY) / 60;
    let date = date(time).expect("a date");
    format!("{folder}{date}-{:02}-{:02}-{id:04}.jsonl.gz", minutes / 60, minutes % 60)
}

/// A folder with an object every six hours in the days before [`SINCE`], and in two days after it.
fn delivered(folder: &str, days: i64) -> Objects {
    let times = (-4 * days..8).map(|quarter| SINCE + quarter * 6 * HOUR);
    times.map(|time| (key(folder, time, 0), time + 60)).collect()
}

/// What was listed, what that left out, and the number of requests.
struct Outcome {
    keys: Vec<String>,
    skipped: Vec<String>,
    requests: usize,
}

/// Lists objects in pages of `page`, as the loop of `pages` does.
fn list(objects: &Objects, page: usize, since: Option<i64>, knows_starts: bool) -> Outcome {
    let bucket = Arc::new(Bucket::unconnected("logs"));
    let mut outcome = Outcome { keys: Vec::new(), skipped: Vec::new(), requests: 0 };
    let mut skipper = Skipper::new(since);
    let mut place = Place { token: PageToken::Start, last: String::new() };
    loop {
        let start = match &place.token {
            PageToken::Start => "",
            PageToken::From(_) if !knows_starts => "",
            PageToken::From(key) | PageToken::Server(key) | PageToken::After(key, _) => key.as_str(),
        };
        outcome.requests += 1;
        assert!(outcome.requests <= 10 * objects.len() + 10, "the list does not end");
        let mut rest = objects.iter().filter(|(key, _)| key.as_str() > start);
        let of_page: Vec<_> = rest.by_ref().take(page).collect();
        let last = of_page.last().map_or(place.last, |(key, _)| (*key).clone());
        let next = rest.next().map(|_| Place { token: place.token.next(last.clone(), &last), last });
        let of_page =
            of_page.into_iter().map(|(key, stored)| Object { modified: Some(*stored), ..bucket.object(key) });
        let (pages, next) = skipper.page(of_page.collect(), next);
        for page in pages {
            outcome.keys.extend(page.objects.iter().map(|object| object.key().to_owned()));
            outcome.skipped.extend(page.skipped);
        }
        let Some(next) = next else { return outcome };
        place = next;
    }
}

/// Returns the keys that are wanted of those that were listed.
fn wanted(objects: &Objects, keys: &[String]) -> Vec<String> {
    keys.iter().filter(|key| objects[*key] >= SINCE).cloned().collect()
}

/// Checks that a list has all wanted objects, each listed once and in order. Returns how many requests it took, and a full one.
#[track_caller]
fn check(objects: &Objects, page: usize) -> (usize, usize) {
    let all = list(objects, page, None, true);
    assert!(all.keys.iter().eq(objects.keys()) && all.skipped.is_empty());
    let some = list(objects, page, Some(SINCE), true);
    assert!(some.keys.is_sorted_by(|one, other| one < other), "{:?}", some.keys);
    assert_eq!(wanted(objects, &some.keys), wanted(objects, &all.keys));
    // Nothing is left out without notice.
    assert!(some.keys.len() == all.keys.len() || !some.skipped.is_empty());
    let unaware = list(objects, page, Some(SINCE), false);
    assert_eq!(unaware.keys, all.keys, "a server that always starts from the first key");
    (some.requests, all.requests)
}

#[test]
fn older_days_of_dated_keys_are_not_listed() {
    let objects: Objects =
        [delivered("a/one/", 1000), delivered("a/two/", 500)].into_iter().flatten().collect();
    let (some, all) = check(&objects, 100);
    assert!(some <= 5 && all > 60, "{some} of {all}");
    let listed = list(&objects, 100, Some(SINCE), true);
    assert_eq!(listed.skipped, ["a/one/", "a/two/"]);
    // At the top of the bucket as well.
    let (some, all) = check(&delivered("", 1000), 100);
    assert!(some <= 2 && all > 40, "{some} of {all}");
}

#[test]
fn a_small_list_is_one_request() {
    assert_eq!(check(&delivered("a/", 100), 1000), (1, 1));
    assert_eq!(check(&Objects::new(), 1000), (1, 1));
    // Nothing but recent days.
    assert_eq!(check(&delivered("a/", 7), 10), (4, 4));
}

#[test]
fn objects_that_were_not_stored_at_their_time_are_listed() {
    let original = delivered("a/", 500);
    let in_full = |objects: &Objects| {
        check(objects, 100);
        assert_eq!(list(objects, 100, Some(SINCE), true).keys.len(), objects.len());
    };
    // A copy of the bucket.
    in_full(&original.keys().map(|key| (key.clone(), SINCE + 60)).collect());
    // Delivery broke down and was made up for later: only recent keys show that.
    let late: Objects = original
        .iter()
        .map(|(key, stored)| {
            (key.clone(), if (SINCE - 20 * DAY..SINCE).contains(stored) { SINCE } else { *stored })
        })
        .collect();
    in_full(&late);
    // Dates that are ahead of the time.
    in_full(&original.iter().map(|(key, stored)| (key.clone(), stored - 2 * DAY)).collect());
}

#[test]
fn a_folder_with_other_keys_is_listed_as_a_whole() {
    for odd in
        ["a/!", "a/2000", "a/2026-11-27", "a/2026-11-29-00-00-0000.jsonl", "a/3", "a/archive.zip", "a/~"]
    {
        let mut objects = delivered("a/", 500);
        objects.insert(odd.to_owned(), SINCE);
        for page in [10, 100] {
            check(&objects, page);
            assert_eq!(list(&objects, page, Some(SINCE), true).keys.len(), objects.len(), "{odd}");
        }
    }
}

#[test]
fn a_folder_is_known_by_the_end_of_the_page_before_it() {
    for page in [10, 50, 100] {
        let mut objects: Objects =
            [delivered("a/one/", 500), delivered("a/two/", 500)].into_iter().flatten().collect();
        objects.insert("a/two/!".to_owned(), SINCE);
        check(&objects, page);
        assert_eq!(list(&objects, page, Some(SINCE), true).skipped, ["a/one/"], "pages of {page}");
    }
}

#[test]
fn what_is_beside_and_below_a_folder_is_listed() {
    let mut objects = delivered("a/one/", 500);
    for key in [
        "a/0.jsonl",
        "a/one.jsonl",
        "a/one/2026-11-29/b.jsonl",
        "a/one/extracted/b.jsonl",
        "a/z.jsonl",
        "b.jsonl",
    ] {
        objects.insert(key.to_owned(), SINCE);
    }
    check(&objects, 100);
    objects.remove("a/one/2026-11-29/b.jsonl");
    let (some, all) = check(&objects, 100);
    assert!(some < all / 2, "{some} of {all}");
}

/// A generator of numbers below a bound.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn signed(&mut self, bound: i64) -> i64 {
        i64::try_from(self.below(2 * bound.unsigned_abs())).expect("small") - bound
    }
}

/// Whatever else there is: in a day that was left out, no object was stored less than a week after its date.
#[test]
fn no_object_is_missed_that_was_stored_within_six_days_of_its_date() {
    let (mut skipped, mut saved) = (0, 0);
    for seed in 0..3000 {
        let mut numbers = Numbers(seed);
        let mut objects = Objects::new();
        let delay = [0, 0, HOUR, 20 * HOUR, 3 * DAY, 6 * DAY][usize::try_from(numbers.below(6)).unwrap()];
        for folder in ["", "a/", "a/b/", "a/c/", "a/c/d/"] {
            if numbers.below(3) == 0 {
                continue;
            }
            for _ in 0..numbers.below(60) {
                let time = SINCE + numbers.signed(40 * DAY);
                let stored = time + numbers.signed(delay.max(60));
                objects.insert(key(folder, time, numbers.below(9)), stored);
            }
            if numbers.below(4) == 0 {
                let names =
                    ["!", "0.jsonl", "3", "2026-12-31", "extracted/a.jsonl", "readme.txt", "~/x.jsonl"];
                let name = names[usize::try_from(numbers.below(7)).unwrap()];
                objects.insert(format!("{folder}{name}"), SINCE + numbers.signed(10 * DAY));
            }
        }
        let page = 1 + usize::try_from(numbers.below(12)).unwrap();
        let (some, all) = check(&objects, page);
        let listed = list(&objects, page, Some(SINCE), true);
        skipped += listed.skipped.len();
        saved += all.saturating_sub(some);
    }
    assert!(skipped > 500 && saved > 1000, "{skipped} folders, {saved} requests");
}

#[test]
fn a_page_that_cannot_be_read_leads_back_to_what_was_left_out() {
    let bucket = Arc::new(Bucket::unconnected("logs"));
    let objects = |keys: &[(&str, i64)]| -> Vec<Object> {
        keys.iter().map(|(key, stored)| Object { modified: Some(*stored), ..bucket.object(key) }).collect()
    };
    let first = key("a/", SINCE - 100 * DAY, 0);
    let page = || objects(&[(&first, SINCE - 100 * DAY)]);
    let next = Place { token: PageToken::Server("t".to_owned()), last: first.clone() };
    let mut skipper = Skipper::new(Some(SINCE));
    assert_eq!(skipper.go_back(), None);
    let (_, place) = skipper.page(page(), Some(next.clone()));
    assert_eq!(place.unwrap().last, "a/2026-11-21");
    assert_eq!(skipper.go_back(), Some(next.clone()));
    // It is not tried again.
    assert_eq!(skipper.page(page(), Some(next.clone())).1, Some(next.clone()));

    // If the list ends with an error, what was kept is not lost.
    let mut skipper = Skipper::new(Some(SINCE));
    let _ = skipper.page(page(), Some(next.clone()));
    let later = key("a/", SINCE, 0);
    let (pages, _) = skipper.page(objects(&[(&later, SINCE)]), Some(next));
    assert!(pages.is_empty());
    assert_eq!(skipper.give_up()[0].objects[0].key(), later);
}

#[test]
fn a_long_end_is_not_kept_as_a_whole() {
    let objects: Objects =
        (-200..2000).map(|hour| SINCE + hour * HOUR).map(|time| (key("a/", time, 0), time)).collect();
    let (some, all) = check(&objects, 2);
    assert!(some < all, "{some} of {all}");
    assert_eq!(list(&objects, 2, Some(SINCE), true).skipped, ["a/"]);
}
