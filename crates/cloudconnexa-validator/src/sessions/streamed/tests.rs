//! Tests of what tenants stream.

use super::*;

fn observe(undecided: &mut Undecided<char>, tenant: u64, role: Role) -> String {
    let mut emitted = String::new();
    undecided.observe(tenant, role, &mut |endpoint| emitted.push(endpoint));
    emitted
}

#[test]
fn what_was_seen_is_streamed_by_that_tenant_alone() {
    let mut streamed = StreamedRoles::default();
    assert!(streamed.observe(1, Role::Start));
    assert!(!streamed.observe(1, Role::Start));
    assert!(streamed.has(1, Role::Start) && !streamed.has(1, Role::End) && !streamed.has(2, Role::Start));
    let mut other = StreamedRoles::default();
    other.observe(1, Role::End);
    other.observe(2, Role::End);
    streamed.append(other);
    assert!(streamed.has(1, Role::Start) && streamed.has(1, Role::End) && streamed.has(2, Role::End));
    for tenant in [1, 2, 2] {
        streamed.add_lone_end(tenant);
    }
    assert_eq!(streamed.lone_ends_without_starts(), 2);
}

#[test]
fn an_endpoint_waits_until_an_event_of_the_kind_that_it_lacks_is_seen() {
    let mut undecided = Undecided::default();
    assert_eq!(observe(&mut undecided, 1, Role::End), "");
    for (tenant, lacks, endpoint) in
        [(1, Role::Start, 'a'), (2, Role::Start, 'b'), (1, Role::Start, 'c'), (2, Role::End, 'd')]
    {
        assert_eq!(undecided.decide(tenant, lacks, endpoint), None);
    }
    assert_eq!(observe(&mut undecided, 1, Role::Start), "ac");
    assert_eq!(observe(&mut undecided, 1, Role::Start), "");
    assert_eq!(undecided.decide(1, Role::Start, 'e'), Some('e'));
    assert_eq!(undecided.len(), 2);
    let given_up = |lacks, endpoint| Some(GivenUp { lacks, is_streamed: false, endpoint });
    assert_eq!(undecided.give_up(), given_up(Role::Start, 'b'));
    assert_eq!(undecided.give_up(), given_up(Role::End, 'd'));
    assert_eq!(undecided.give_up(), None);
}

#[test]
fn of_too_many_tenants_everything_counts_as_streamed_in_any_order() {
    let most = MAX_TENANTS as u64;
    let of = |tenants: &mut dyn Iterator<Item = u64>| {
        let mut streamed = StreamedRoles::default();
        for tenant in tenants {
            streamed.observe(tenant, Role::End);
        }
        assert!(streamed.tenants.len() <= MAX_TENANTS);
        [0, most - 1, most, most + 9].map(|tenant| streamed.has(tenant, Role::Start))
    };
    let known = [false, false, true, true];
    assert_eq!(of(&mut (0..most + 10)), known);
    assert_eq!(of(&mut (0..most + 10).rev()), known);
    let (mut low, mut high) = (StreamedRoles::default(), StreamedRoles::default());
    (0..most).for_each(|tenant| _ = low.observe(tenant, Role::End));
    (most..most + 10).for_each(|tenant| _ = high.observe(tenant, Role::End));
    high.append(low);
    assert_eq!([0, most - 1, most, most + 9].map(|tenant| high.has(tenant, Role::Start)), known);
}

#[test]
fn what_was_put_aside_is_streamed_if_its_tenant_is_no_longer_known() {
    let mut undecided = Undecided::default();
    observe(&mut undecided, u64::MAX, Role::End);
    assert_eq!(undecided.decide(u64::MAX, Role::Start, 'a'), None);
    for tenant in 0..MAX_TENANTS as u64 {
        observe(&mut undecided, tenant, Role::End);
    }
    assert!(undecided.give_up().is_some_and(|given_up| given_up.is_streamed));
}
