namespace IdentityProvider.Server.Tests.Documentation;

public sealed class AbuseCasesPageTests
{
    [Fact]
    public void The_page_in_docs_is_the_one_the_list_and_the_marks_give() => Repository.AssertPage("docs/abuse-cases.md", AbuseCasesPage.Write());

    [Fact]
    public void Every_number_that_a_test_bears_is_in_the_list() =>
        Assert.Empty(MarkedTests.All.SelectMany(test => test.Cases).Except(AbuseCasesPage.Cases.Select(one => one.Number)));

    [Fact]
    public void No_number_stands_for_two_cases() =>
        Assert.Equal(AbuseCasesPage.Cases.Count, AbuseCasesPage.Cases.Select(one => one.Number).Distinct().Count());
}
