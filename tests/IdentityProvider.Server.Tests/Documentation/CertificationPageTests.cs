namespace IdentityProvider.Server.Tests.Documentation;

public sealed class CertificationPageTests
{
    [Fact]
    public void The_page_in_docs_is_the_one_the_list_and_the_tests_give() =>
        Repository.AssertPage("docs/certification.md", CertificationPage.Write());

    [Fact]
    public void Every_module_has_a_port_or_a_reason_and_one_that_is_passed_in_no_plan_has_no_port() => Assert.DoesNotContain(
        CertificationPage.Modules.GroupBy(module => module.Name, StringComparer.Ordinal),
        plans => CertificationPage.Ports[plans.Key].Any() == plans.All(module => module.WhyNot is not null));

    [Fact]
    public void Every_module_that_a_test_names_is_in_the_list() => Assert.Empty(
        CertificationPage.Ports
            .Select(port => port.Key)
            .Except(CertificationPage.Modules.Select(module => module.Name), StringComparer.Ordinal));
}
