using IdentityProvider.Protocol.Clients;
using IdentityProvider.Server.Tests.Documentation;

namespace IdentityProvider.Server.Tests.Architecture;

public sealed class NamingTests
{
    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities"];

    [Fact]
    public void No_type_bears_a_name_that_says_nothing() =>
        Assert.Empty(OurTypes.All.Where(type => EmptyWords.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal))).Select(type => type.FullName));

    [Fact]
    public void Classes_are_sealed_or_made_to_be_derived_from() =>
        Assert.Empty(OurTypes.All
            .Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false } && !OurTypes.All.Any(other => other.BaseType == type))
            .Where(type => type.Namespace?.StartsWith("IdentityProvider", StringComparison.Ordinal) == true && !IsRazor(type))
            .Select(type => type.FullName));

    [Fact]
    public void Every_public_type_of_the_engine_says_what_it_is()
    {
        var comments = new XmlComments();

        Assert.Empty(typeof(Client).Assembly.GetExportedTypes()
            .Where(type => !type.IsNested && comments.Of(type).Length == 0)
            .Select(type => type.FullName));
    }

    /// <summary>Compiled pages are what the compiler makes them.</summary>
    private static bool IsRazor(Type type) => typeof(Microsoft.AspNetCore.Mvc.Razor.RazorPageBase).IsAssignableFrom(type);
}
