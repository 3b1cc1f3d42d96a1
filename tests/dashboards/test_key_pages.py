"""Pages whose keys and count are found in one pass are those a paginator gives."""

import pytest
from django.core.paginator import Paginator

from cells.models import Unit
from dashboards.key_pages import ROWS_ON_A_PAGE, KeyPages
from tests import factories


@pytest.mark.parametrize("asked", [None, "", "1", "2", "3", "0", "khac", "9" * 30])
@pytest.mark.parametrize("hamlets", [0, 3, ROWS_ON_A_PAGE + 2])
def test_each_page_has_the_keys_and_the_count_of_a_paginator(db, hamlets, asked):
    if hamlets:
        commune = factories.commune()
        for _time in range(hamlets):
            factories.hamlet(parent=commune)
    rows = Unit.objects.hamlets().order_by("sort_key", "pk")

    page = KeyPages(rows).get_page(asked)

    usual = Paginator(rows.values_list("pk", flat=True), ROWS_ON_A_PAGE).get_page(asked)
    assert list(page.object_list) == list(usual.object_list)
    assert (page.number, page.paginator.count) == (usual.number, hamlets)
    assert page.has_other_pages() == usual.has_other_pages()


def test_a_page_is_found_in_one_query(db, django_assert_num_queries):
    factories.hamlet()

    with django_assert_num_queries(1):
        page = KeyPages(Unit.objects.hamlets().order_by("pk")).get_page("1")
        assert page.paginator.num_pages == 1
