using IdentityProvider.Server.Composition.Settings;

namespace IdentityProvider.Server.Tests.Documentation;

public sealed class ConfigurationPageTests
{
    private static readonly XmlComments Comments = new();

    [Fact]
    public void The_page_in_docs_is_the_one_the_options_give() => Repository.AssertPage("docs/configuration.md", ConfigurationPage.Write());

    [Fact]
    public void Every_option_says_what_it_means()
    {
        var silent = SettingsSchema.Root.Members.Values
            .Concat(SettingsSchema.Root.Members["Declared"].Members.Values)
            .SelectMany(section => section.Members.Values.Append(section))
            .Where(member => member.Property is not null && Comments.Of(member.Property).Length == 0)
            .Select(member => $"{member.Property!.DeclaringType!.Name}.{member.Name}");

        Assert.Empty(silent);
    }
}
