"use strict";
// https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe
// generated from terraform resource schema
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
Object.defineProperty(exports, "__esModule", { value: true });
exports.Recipe = exports.RecipeToppingsMap = exports.RecipeToppingsOutputReference = exports.RecipeVariantsList = exports.RecipeVariantsOutputReference = exports.RecipeStepsList = exports.RecipeStepsOutputReference = exports.RecipeAuthorOutputReference = void 0;
exports.recipeAuthorToTerraform = recipeAuthorToTerraform;
exports.recipeAuthorToHclTerraform = recipeAuthorToHclTerraform;
exports.recipeStepsToTerraform = recipeStepsToTerraform;
exports.recipeStepsToHclTerraform = recipeStepsToHclTerraform;
exports.recipeVariantsToTerraform = recipeVariantsToTerraform;
exports.recipeVariantsToHclTerraform = recipeVariantsToHclTerraform;
exports.recipeToppingsToTerraform = recipeToppingsToTerraform;
exports.recipeToppingsToHclTerraform = recipeToppingsToHclTerraform;
const cdktn = __importStar(require("cdktn"));
function recipeAuthorToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        name: cdktn.stringToTerraform(struct.name),
        mail: cdktn.stringToTerraform(struct.mail),
    };
}
function recipeAuthorToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        name: {
            value: cdktn.stringToHclTerraform(struct.name),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
        mail: {
            value: cdktn.stringToHclTerraform(struct.mail),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class RecipeAuthorOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    resolvableValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource, terraformAttribute) {
        super(terraformResource, terraformAttribute, false);
    }
    get internalValue() {
        if (this.resolvableValue) {
            return this.resolvableValue;
        }
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._name !== undefined) {
            hasAnyValues = true;
            internalValueResult.name = this._name;
        }
        if (this._mail !== undefined) {
            hasAnyValues = true;
            internalValueResult.mail = this._mail;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this.resolvableValue = undefined;
            this._name = undefined;
            this._mail = undefined;
        }
        else if (cdktn.Tokenization.isResolvable(value)) {
            this.isEmptyObject = false;
            this.resolvableValue = value;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this.resolvableValue = undefined;
            this._name = value.name;
            this._mail = value.mail;
        }
    }
    // name - computed: false, optional: false, required: true
    _name;
    get name() {
        return this.getStringAttribute('name');
    }
    set name(value) {
        this._name = value;
    }
    // Temporarily expose input value. Use with caution.
    get nameInput() {
        return this._name;
    }
    // mail - computed: false, optional: true, required: false
    _mail;
    get mail() {
        return this.getStringAttribute('mail');
    }
    set mail(value) {
        this._mail = value;
    }
    resetMail() {
        this._mail = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get mailInput() {
        return this._mail;
    }
}
exports.RecipeAuthorOutputReference = RecipeAuthorOutputReference;
function recipeStepsToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        text: cdktn.stringToTerraform(struct.text),
        minutes: cdktn.numberToTerraform(struct.minutes),
    };
}
function recipeStepsToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        text: {
            value: cdktn.stringToHclTerraform(struct.text),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
        minutes: {
            value: cdktn.numberToHclTerraform(struct.minutes),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class RecipeStepsOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    resolvableValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, complexObjectIndex, complexObjectIsFromSet) {
        super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
    }
    get internalValue() {
        if (this.resolvableValue) {
            return this.resolvableValue;
        }
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._text !== undefined) {
            hasAnyValues = true;
            internalValueResult.text = this._text;
        }
        if (this._minutes !== undefined) {
            hasAnyValues = true;
            internalValueResult.minutes = this._minutes;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this.resolvableValue = undefined;
            this._text = undefined;
            this._minutes = undefined;
        }
        else if (cdktn.Tokenization.isResolvable(value)) {
            this.isEmptyObject = false;
            this.resolvableValue = value;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this.resolvableValue = undefined;
            this._text = value.text;
            this._minutes = value.minutes;
        }
    }
    // text - computed: false, optional: false, required: true
    _text;
    get text() {
        return this.getStringAttribute('text');
    }
    set text(value) {
        this._text = value;
    }
    // Temporarily expose input value. Use with caution.
    get textInput() {
        return this._text;
    }
    // minutes - computed: true, optional: true, required: false
    _minutes;
    get minutes() {
        return this.getNumberAttribute('minutes');
    }
    set minutes(value) {
        this._minutes = value;
    }
    resetMinutes() {
        this._minutes = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get minutesInput() {
        return this._minutes;
    }
}
exports.RecipeStepsOutputReference = RecipeStepsOutputReference;
class RecipeStepsList extends cdktn.ComplexList {
    internalValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, wrapsSet) {
        super(terraformResource, terraformAttribute, wrapsSet);
    }
    /**
    * @param index the index of the item to return
    */
    get(index) {
        return new RecipeStepsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
    }
}
exports.RecipeStepsList = RecipeStepsList;
function recipeVariantsToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        name: cdktn.stringToTerraform(struct.name),
    };
}
function recipeVariantsToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        name: {
            value: cdktn.stringToHclTerraform(struct.name),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class RecipeVariantsOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    resolvableValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, complexObjectIndex, complexObjectIsFromSet) {
        super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
    }
    get internalValue() {
        if (this.resolvableValue) {
            return this.resolvableValue;
        }
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._name !== undefined) {
            hasAnyValues = true;
            internalValueResult.name = this._name;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this.resolvableValue = undefined;
            this._name = undefined;
        }
        else if (cdktn.Tokenization.isResolvable(value)) {
            this.isEmptyObject = false;
            this.resolvableValue = value;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this.resolvableValue = undefined;
            this._name = value.name;
        }
    }
    // name - computed: false, optional: false, required: true
    _name;
    get name() {
        return this.getStringAttribute('name');
    }
    set name(value) {
        this._name = value;
    }
    // Temporarily expose input value. Use with caution.
    get nameInput() {
        return this._name;
    }
}
exports.RecipeVariantsOutputReference = RecipeVariantsOutputReference;
class RecipeVariantsList extends cdktn.ComplexList {
    internalValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, wrapsSet) {
        super(terraformResource, terraformAttribute, wrapsSet);
    }
    /**
    * @param index the index of the item to return
    */
    get(index) {
        return new RecipeVariantsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
    }
}
exports.RecipeVariantsList = RecipeVariantsList;
function recipeToppingsToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        grams: cdktn.numberToTerraform(struct.grams),
    };
}
function recipeToppingsToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        grams: {
            value: cdktn.numberToHclTerraform(struct.grams),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class RecipeToppingsOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    resolvableValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectKey the key of this item in the map
    */
    constructor(terraformResource, terraformAttribute, complexObjectKey) {
        super(terraformResource, terraformAttribute, false, complexObjectKey);
    }
    get internalValue() {
        if (this.resolvableValue) {
            return this.resolvableValue;
        }
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._grams !== undefined) {
            hasAnyValues = true;
            internalValueResult.grams = this._grams;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this.resolvableValue = undefined;
            this._grams = undefined;
        }
        else if (cdktn.Tokenization.isResolvable(value)) {
            this.isEmptyObject = false;
            this.resolvableValue = value;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this.resolvableValue = undefined;
            this._grams = value.grams;
        }
    }
    // grams - computed: false, optional: false, required: true
    _grams;
    get grams() {
        return this.getNumberAttribute('grams');
    }
    set grams(value) {
        this._grams = value;
    }
    // Temporarily expose input value. Use with caution.
    get gramsInput() {
        return this._grams;
    }
}
exports.RecipeToppingsOutputReference = RecipeToppingsOutputReference;
class RecipeToppingsMap extends cdktn.ComplexMap {
    internalValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource, terraformAttribute) {
        super(terraformResource, terraformAttribute);
    }
    /**
    * @param key the key of the item to return
    */
    get(key) {
        return new RecipeToppingsOutputReference(this.terraformResource, this.terraformAttribute, key);
    }
}
exports.RecipeToppingsMap = RecipeToppingsMap;
/**
* Represents a {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe bakery_recipe}
*/
class Recipe extends cdktn.TerraformResource {
    // =================
    // STATIC PROPERTIES
    // =================
    static tfResourceType = "bakery_recipe";
    // ==============
    // STATIC Methods
    // ==============
    /**
    * Generates CDKTN code for importing a Recipe resource upon running "cdktn plan <stack-name>"
    * @param scope The scope in which to define this construct
    * @param importToId The construct id used in the generated config for the Recipe to import
    * @param importFromId The id of the existing Recipe that should be imported. Refer to the {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#import import section} in the documentation of this resource for the id to use
    * @param provider? Optional instance of the provider where the Recipe to import is found
    */
    static generateConfigForImport(scope, importToId, importFromId, provider) {
        return new cdktn.ImportableResource(scope, importToId, { terraformResourceType: "bakery_recipe", importId: importFromId, provider });
    }
    // ===========
    // INITIALIZER
    // ===========
    /**
    * Create a new {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe bakery_recipe} Resource
    *
    * @param scope The scope in which to define this construct
    * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
    * @param options RecipeConfig
    */
    constructor(scope, id, config) {
        super(scope, id, {
            terraformResourceType: 'bakery_recipe',
            terraformGeneratorMetadata: {
                providerName: 'bakery',
                providerVersion: '1.0.0'
            },
            provider: config.provider,
            dependsOn: config.dependsOn,
            count: config.count,
            lifecycle: config.lifecycle,
            provisioners: config.provisioners,
            connection: config.connection,
            forEach: config.forEach
        });
        this._author.internalValue = config.author;
        this._steps.internalValue = config.steps;
        this._variants.internalValue = config.variants;
        this._toppings.internalValue = config.toppings;
    }
    // ==========
    // ATTRIBUTES
    // ==========
    // id - computed: true, optional: false, required: false
    get id() {
        return this.getStringAttribute('id');
    }
    // author - computed: false, optional: true, required: false
    _author = new RecipeAuthorOutputReference(this, "author");
    get author() {
        return this._author;
    }
    putAuthor(value) {
        this._author.internalValue = value;
    }
    resetAuthor() {
        this._author.internalValue = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get authorInput() {
        return this._author.internalValue;
    }
    // steps - computed: false, optional: false, required: true
    _steps = new RecipeStepsList(this, "steps", false);
    get steps() {
        return this._steps;
    }
    putSteps(value) {
        this._steps.internalValue = value;
    }
    // Temporarily expose input value. Use with caution.
    get stepsInput() {
        return this._steps.internalValue;
    }
    // variants - computed: false, optional: true, required: false
    _variants = new RecipeVariantsList(this, "variants", true);
    get variants() {
        return this._variants;
    }
    putVariants(value) {
        this._variants.internalValue = value;
    }
    resetVariants() {
        this._variants.internalValue = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get variantsInput() {
        return this._variants.internalValue;
    }
    // toppings - computed: false, optional: true, required: false
    _toppings = new RecipeToppingsMap(this, "toppings");
    get toppings() {
        return this._toppings;
    }
    putToppings(value) {
        this._toppings.internalValue = value;
    }
    resetToppings() {
        this._toppings.internalValue = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get toppingsInput() {
        return this._toppings.internalValue;
    }
    // =========
    // SYNTHESIS
    // =========
    synthesizeAttributes() {
        return {
            author: recipeAuthorToTerraform(this._author.internalValue),
            steps: cdktn.listMapper(recipeStepsToTerraform, false)(this._steps.internalValue),
            variants: cdktn.listMapper(recipeVariantsToTerraform, false)(this._variants.internalValue),
            toppings: cdktn.hashMapper(recipeToppingsToTerraform)(this._toppings.internalValue),
        };
    }
    synthesizeHclAttributes() {
        const attrs = {
            author: {
                value: recipeAuthorToHclTerraform(this._author.internalValue),
                isBlock: true,
                type: "struct",
                storageClassType: "RecipeAuthor",
            },
            steps: {
                value: cdktn.listMapperHcl(recipeStepsToHclTerraform, false)(this._steps.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "RecipeStepsList",
            },
            variants: {
                value: cdktn.listMapperHcl(recipeVariantsToHclTerraform, false)(this._variants.internalValue),
                isBlock: true,
                type: "set",
                storageClassType: "RecipeVariantsList",
            },
            toppings: {
                value: cdktn.hashMapperHcl(recipeToppingsToHclTerraform)(this._toppings.internalValue),
                isBlock: true,
                type: "map",
                storageClassType: "RecipeToppingsMap",
            },
        };
        // remove undefined attributes
        return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
    }
}
exports.Recipe = Recipe;
