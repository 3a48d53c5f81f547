using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Tests.Primitives;

/// <summary>Parameters of one request, read once: RFC 6749 §3.1, RFC 8707 §2.</summary>
public sealed class RequestParametersTests
{
    private static RequestParameters Parse(params (string Name, string Value)[] pairs) =>
        RequestParameters.Parse(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    [Fact]
    [Clause("RFC 6749", "3.1", "Parameters sent without a value MUST be treated as if they were omitted from the request.")]
    public void Empty_is_omitted_and_is_no_double()
    {
        var parameters = Parse(("a", ""), ("a", "1"), ("a", ""), ("resource", ""));

        Assert.Equal("1", parameters["a"]);
        Assert.Null(parameters.Duplicate);
        Assert.Empty(parameters.Resources);
        Assert.Null(Parse(("a", ""))["a"]);
        Assert.False(Parse(("a", "")).Has("a"));
    }

    [Fact]
    [Case(7)]
    [Clause("RFC 6749", "3.1", "Request and response parameters MUST NOT be included more than once.")]
    public void Of_a_doubled_parameter_neither_value_counts_not_even_the_third()
    {
        var parameters = Parse(("a", "1"), ("b", "2"), ("b", "2"), ("a", "1"), ("a", "3"));

        Assert.Equal("b", parameters.Duplicate);
        Assert.True(parameters.IsDoubled("a") && parameters.IsDoubled("b"));
        Assert.Null(parameters["a"]);
        Assert.False(parameters.Has("a"));
        Assert.False(parameters.TryGet("b", out _));
        Assert.Empty(parameters.Pairs);
    }

    [Fact]
    public void Names_are_compared_as_they_are_written()
    {
        var parameters = Parse(("a", "1"), ("A", "2"), (" a", "3"));

        Assert.Null(parameters.Duplicate);
        Assert.Equal(("1", "2", "3"), (parameters["a"], parameters["A"], parameters[" a"]));
    }

    [Fact]
    [Clause("RFC 8707", "2", "Multiple resource parameters MAY be used")]
    public void Resource_may_come_several_times_and_keeps_its_order()
    {
        var parameters = Parse(("resource", "x"), ("a", "1"), ("resource", "y"), ("resource", "x"));

        Assert.Equal(["x", "y", "x"], parameters.Resources);
        Assert.Null(parameters.Duplicate);
        Assert.Null(parameters["resource"]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4711)]
    public void Any_list_of_pairs_is_read_as_the_rules_say(uint seed)
    {
        var random = new Xorshift(seed);
        string[] names = ["a", "b", "state", "resource", "A", ""];
        string[] values = ["", "1", "2", " ", "\0"];
        for (var round = 0; round < 2000; round++)
        {
            var pairs = Enumerable.Range(0, random.Next(8)).Select(_ => KeyValuePair.Create(random.Pick(names), random.Pick(values))).ToArray();
            var sent = pairs.Where(pair => pair.Value.Length > 0).ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
            var parameters = RequestParameters.Parse(pairs);

            Assert.Equal(sent["resource"], parameters.Resources);
            foreach (var name in names.Where(name => name != "resource"))
            {
                var expected = sent[name].Count() == 1 ? sent[name].Single() : null;
                Assert.Equal(expected, parameters[name]);
                Assert.Equal(expected is not null, parameters.Has(name));
                Assert.Equal(sent[name].Count() > 1, parameters.IsDoubled(name));
            }

            var again = RequestParameters.Parse(parameters.Pairs);
            Assert.Equal(parameters.Pairs, again.Pairs);
            Assert.Null(again.Duplicate);
            Assert.Equal(names.Any(name => name != "resource" && sent[name].Count() > 1), parameters.Duplicate is not null);
        }
    }

    [Fact]
    public void Flood_of_doubles_is_read_in_one_go()
    {
        var pairs = Enumerable.Range(0, 200_000).Select(number => KeyValuePair.Create((number % 100_000).ToString("x", System.Globalization.CultureInfo.InvariantCulture), "1"));

        Assert.Empty(RequestParameters.Parse(pairs).Pairs);
    }
}
