namespace IdentityProvider.Server.Tests.Documentation;

public sealed class RequirementsPageTests
{
    [Fact]
    public void The_page_in_docs_is_the_one_the_marks_of_the_tests_give() => Repository.AssertPage("docs/requirements.md", RequirementsPage.Write());

    [Fact]
    public void Marks_are_read_with_the_method_or_class_they_stand_over()
    {
        string[] source =
        [
            "[Case(7)]",
            "public sealed class OneTests : IDisposable",
            "{",
            "    [Theory]",
            "    [Case(1)]",
            """    [Clause("RFC 1", "2.3", "a \"quoted\" word")]""",
            "    [InlineData(\"public void No()\")]",
            "    public async Task<int> A_rule(string x)",
            "    public void Unmarked()",
        ];

        var tests = MarkedTests.Read("x.cs", source).ToList();

        Assert.Equal(["all of it (`OneTests`)", "A rule (`OneTests`)"], tests.Select(test => test.Title));
        Assert.Equal([7, 1], tests.SelectMany(test => test.Cases));
        Assert.Equal([new MarkedClause("RFC 1", "2.3", "a \"quoted\" word")], tests[1].Clauses);
    }

    [Theory]
    [InlineData("    [Case(1), Fact]")]
    [InlineData("    [Fact, Case(1)]")]
    [InlineData("    [Clause(\"RFC 1\", \"2\", Text)]")]
    [InlineData("    [Case(1)]")]
    public void Mark_that_cannot_be_read_is_not_passed_over(string line) =>
        Assert.Throws<InvalidOperationException>(() => MarkedTests.Read("x.cs", [line]).ToList());
}
