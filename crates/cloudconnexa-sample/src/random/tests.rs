//! Tests of the generator.

use super::Random;

#[test]
fn numbers_equal_those_of_the_published_generator() {
    let mut random = Random::new(1_234_567);
    let numbers = [(); 3].map(|()| random.bits());
    assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
}

#[test]
fn a_weight_of_zero_is_never_chosen() {
    let mut random = Random::new(1);
    let chosen: Vec<_> =
        (0..1000).map(|_| *random.weighted(&[("never", 0), ("often", 9), ("seldom", 1)])).collect();
    assert!(!chosen.contains(&"never") && chosen.contains(&"seldom"));
    assert!(chosen.iter().filter(|&&name| name == "often").count() > 800);
}
