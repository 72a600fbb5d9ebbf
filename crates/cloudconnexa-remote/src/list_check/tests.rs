//! Tests of the check of pages.

use super::page_defect;

#[test]
fn only_complete_pages_of_lists_pass() {
    let more = "<IsTruncated>true</IsTruncated>";
    for page in [
        "<ListBucketResult></ListBucketResult>",
        "<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"x\"/>",
        "\u{feff} <ListBucketResult\n>",
        &format!(
            "<ListBucketResult>{more}<NextContinuationToken>t</NextContinuationToken></ListBucketResult>"
        ),
    ] {
        assert_eq!(page_defect(page), None, "{page}");
    }
    for page in
        ["", "{}", "<html></html>", "<Error/>", "<ListBucketResults>", "<?xml", "<!-- --><ListBucketResult>"]
    {
        assert!(page_defect(page).is_some_and(|text| text.contains("not a list of objects")), "{page}");
    }
    for token in ["", "<NextContinuationToken/>", "<NextContinuationToken></NextContinuationToken>"] {
        let defect = page_defect(&format!("<ListBucketResult>{more}{token}</ListBucketResult>"));
        assert!(defect.is_some_and(|text| text.contains("continues")), "{token}");
    }
}
